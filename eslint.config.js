import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import { createNodeResolver, importX } from 'eslint-plugin-import-x'
import vue from 'eslint-plugin-vue'
import tseslint from 'typescript-eslint'

/** Arrows run one way: renderer -> preload/contract <- main/app -> main/host -> main/engine, main/cli -> main/host. */
const layer = (files, forbidden, paths = []) => ({
  files,
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      { patterns: forbidden.map(([group, message]) => ({ group, message })), paths },
    ],
  },
})

const electron = [['electron', 'electron/*'], 'Only main/app, the preload and the tools know Electron.']
const views = [['vue', 'pinia', '*.vue', 'chart.js'], 'Views belong to renderer/.']
const renderer = [['**/renderer/**'], 'Nothing imports the renderer.']
const node = [
  ['node:*', 'fs', 'fs/*', 'path', 'os', 'child_process', 'worker_threads'],
  'Sandboxed: no Node.',
]
const main = [['**/main/**'], 'Only names and types of preload/contract cross the process boundary.']
const preload = [
  ['**/preload/preload'],
  'The bridge stands at window.unmask; its types are in preload/contract.',
]

/** Tracks, spectra and frames are replaced whole; watching each of their values would stall the window. */
const deepReactivity = [
  {
    name: 'vue',
    importNames: ['reactive'],
    message: 'Use shallowRef and replace the value, or ref for one plain value.',
  },
]
const deepRefs = ['ArrayExpression', 'ObjectExpression', 'NewExpression'].map((value) => ({
  selector: `CallExpression[callee.name='ref'] > ${value}.arguments`,
  message: 'A deep ref watches everything inside: use shallowRef and replace the value.',
}))

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'results/**'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  ...vue.configs['flat/recommended'],
  {
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.mjs', '.js'] })] },
    rules: {
      'max-lines': ['error', { max: 500 }],
      'import-x/no-cycle': 'error',
      'no-console': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.vue'] } },
    rules: {
      // The compiler knows every name.
      'no-undef': 'off',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/block-order': ['error', { order: ['script', 'template', 'style'] }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/define-props-declaration': 'error',
      'vue/define-emits-declaration': 'error',
      'vue/no-unused-refs': 'error',
      'vue/no-v-html': 'error',
      'vue/require-typed-ref': 'error',
      // Types say what may be left out.
      'vue/require-default-prop': 'off',
    },
  },
  {
    files: ['renderer/**/*.ts', 'renderer/**/*.vue'],
    rules: { 'no-restricted-syntax': ['error', ...deepRefs] },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: {
      globals: Object.fromEntries(
        ['process', 'URL', 'Buffer', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'].map(
          (name) => [name, 'readonly'],
        ),
      ),
    },
  },
  {
    // Runs as it stands inside an Electron that loads nothing but CommonJS.
    files: ['main/tools/**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: { process: 'readonly', Buffer: 'readonly' } },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    // One function of it runs in a page.
    files: ['main/tools/icons/render.cjs'],
    languageOptions: { globals: { Image: 'readonly', OffscreenCanvas: 'readonly', btoa: 'readonly' } },
  },
  layer(
    ['main/engine/**/*.ts'],
    [
      electron,
      views,
      renderer,
      [
        ['**/host/**', '**/cli/**', '**/app/**', '**/preload/preload'],
        'The engine knows nothing of who runs it; what people code has its words in preload/contract/*.',
      ],
    ],
  ),
  layer(
    ['main/host/**/*.ts'],
    [electron, views, renderer, preload, [['**/cli/**', '**/app/**'], 'Hosts are started by them.']],
  ),
  layer(
    ['main/cli/**/*.ts'],
    [electron, views, renderer, preload, [['**/app/**'], 'The command line runs without the app.']],
  ),
  layer(
    ['main/app/**/*.ts'],
    [views, renderer, preload, [['**/cli/**'], 'What both need belongs to main/host or main/engine.']],
  ),
  layer(
    ['preload/contract.ts', 'preload/contract/**/*.ts'],
    [electron, views, node, main, renderer, preload],
  ),
  layer(['preload/preload.ts'], [views, node, main, renderer]),
  layer(['renderer/**/*.ts', 'renderer/**/*.vue'], [node, main, electron, preload], deepReactivity),
  prettier,
)
