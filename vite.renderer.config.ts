import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

/** The window's page: everything as files beside it, for a Content-Security-Policy of script-src 'self'. */
export default defineConfig({
  root: 'renderer',
  base: './',
  publicDir: false,
  plugins: [vue()],
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
  },
  // Audio worklets come in by `?worker&url`: a file of their own that the page may load.
  worker: { format: 'es' },
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'chrome114',
    // A data: address would be refused as a script and is not cached as a picture.
    assetsInlineLimit: 0,
    // The polyfill is for browsers without it; Chrome 114 has it.
    modulePreload: { polyfill: false },
    sourcemap: true,
    chunkSizeWarningLimit: 1500,
    // The Vue compiler takes most of the time, as it must.
    rolldownOptions: { checks: { pluginTimings: false } },
  },
})
