import { defineConfig } from 'vite'

/** The preload runs sandboxed: one CommonJS file that requires nothing but Electron. */
export default defineConfig({
  // Not a page's public files.
  publicDir: false,
  build: {
    ssr: true,
    outDir: 'dist/preload',
    target: 'chrome114',
    sourcemap: false,
    minify: false,
    rolldownOptions: {
      input: { preload: 'preload/preload.ts' },
      external: ['electron'],
      output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
    },
  },
  ssr: { target: 'webworker', noExternal: true, external: ['electron'] },
})
