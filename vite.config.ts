import { defineConfig } from 'vite'

/** Node side: the command line, the app, its processes and the benchmarks, as CommonJS (Electron before 28 loads nothing else). */
export default defineConfig({
  build: {
    ssr: true,
    outDir: 'dist/node',
    target: 'node18',
    sourcemap: true,
    minify: false,
    rolldownOptions: {
      input: {
        unmask: 'main/cli/unmask.ts',
        host: 'main/host/host-process.ts',
        app: 'main/app/main.ts',
        viewer: 'main/host/viewer-process.ts',
        probe: 'main/host/probe-process.ts',
        live: 'main/host/live-process.ts',
        media: 'main/host/media-process.ts',
        study: 'main/host/study-process.ts',
        bench: 'test/bench/bench.ts',
      },
      external: ['electron'],
      output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' },
    },
  },
  ssr: { target: 'node' },
})
