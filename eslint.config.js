import js from '@eslint/js'
import prettier from 'eslint-config-prettier'
import { createNodeResolver, importX } from 'eslint-plugin-import-x'
import tseslint from 'typescript-eslint'

/** Arrows run one way: renderer -> preload/contract <- main/app -> main/host -> main/engine, main/cli -> main/host. */
const layer = (files, ...forbidden) => ({
  files,
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      { patterns: forbidden.map(([group, message]) => ({ group, message })) },
    ],
  },
})

const electron = [['electron', 'electron/*'], 'The engine, host and command line run without Electron.']
const vue = [['vue', 'pinia', '*.vue', 'chart.js'], 'Views belong to renderer/.']
const renderer = [['**/renderer/**'], 'Nothing imports the renderer.']
const node = [
  ['node:*', 'fs', 'path', 'child_process'],
  'The renderer and the contract are sandboxed: no Node.',
]
const main = [['**/main/**'], 'Only types of preload/contract cross the process boundary.']

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', 'results/**'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
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
    files: ['**/*.mjs'],
    languageOptions: {
      globals: Object.fromEntries(
        ['process', 'URL', 'setTimeout', 'setInterval', 'clearInterval'].map((name) => [name, 'readonly']),
      ),
    },
  },
  layer(['main/engine/**/*.ts'], electron, vue, renderer, [
    ['**/host/**', '**/cli/**', '**/app/**', '**/preload/**'],
    'The engine knows nothing of who runs it.',
  ]),
  layer(['main/host/**/*.ts'], electron, vue, renderer, [
    ['**/cli/**', '**/app/**'],
    'Hosts are started by them.',
  ]),
  layer(['main/cli/**/*.ts'], electron, vue, renderer, [
    ['**/app/**'],
    'The command line runs without the app.',
  ]),
  layer(['preload/contract.ts'], node, main, renderer),
  layer(['renderer/**/*.ts', 'renderer/**/*.vue'], node, main, electron),
  prettier,
)
