import { defineConfig } from 'vitest/config'

/** Benchmarks of the real window, apart from the tests: one after the other, each printing and keeping its figures. */
export default defineConfig({
  test: {
    include: ['test/bench/window/*.bench.ts'],
    environment: 'node',
    testTimeout: 900_000,
    hookTimeout: 300_000,
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
  },
})
