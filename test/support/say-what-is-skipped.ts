import { sharedData } from './shared-data'

/** Once for the whole run, so that a short list of passed tests is not taken for all of them. */
export function setup(): void {
  if (sharedData() === null)
    process.stdout.write('../shared/data is absent: the tests on real recordings are skipped\n')
}
