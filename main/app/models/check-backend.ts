import type { BackendCheck } from '../../../preload/contract/models'
import type { BackendSetting } from '../../../preload/contract/settings'
import type { StartChild } from '../../host/host-child'
import { HostClient } from '../../host/host-client'

/** A backend that has not answered by now hangs. */
const START_LIMIT_SECS = 60

export interface CheckBackendOptions {
  readonly hostScript: string
  readonly appVersion: string
  readonly start?: StartChild
}

/**
 * Starts a labelling host with a backend and no models, learns what it runs on and ends it: TensorFlow never enters the
 * process that asks.
 * @throws UnmaskError 'backend.unavailable' | 'host.crashed' | 'host.stalled'
 */
export async function checkBackend(
  backend: BackendSetting,
  { hostScript, appVersion, start }: CheckBackendOptions,
): Promise<BackendCheck> {
  const host = new HostClient({
    script: hostScript,
    config: { backend, faceModelFolder: null, speechModelFolder: null, detector: 'tiny', appVersion },
    stallSecs: START_LIMIT_SECS,
    ...(start && { start }),
  })
  try {
    const { backend: found, loadSecs } = await host.whenReady()
    return { ...found, loadSecs }
  } finally {
    await host.close()
  }
}
