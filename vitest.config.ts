import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [vue()],
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    globalSetup: 'test/support/say-what-is-skipped.ts',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A window on a busy machine answers when it can; what never comes fails all the same.
    expect: { poll: { timeout: 20_000 } },
    // Native TensorFlow and FFmpeg keep process-wide state, and two cores gain nothing from more.
    pool: 'forks',
    maxWorkers: 2,
  },
})
