import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { bridge, toFault, unwrap } from '../bridge/bridge'
import { tellUnsaved } from '../bridge/unsaved'
import { nowMs } from '../live/sound-tap'
import { recordingType, startTake, type Take } from '../live/take-recording'
import { t } from '../strings'
import { useLiveStore } from './live'

export type RecordingPhase = 'off' | 'starting' | 'on' | 'finishing'

export interface SavedRecording {
  readonly name: string
  /** Of the clip in the open project. */
  readonly token: string
}

/** A recording of the live session: media and table go to files of the open project, which takes the recording up as a clip. */
export const useLiveRecordingStore = defineStore('live-recording', () => {
  const live = useLiveStore()
  const phase = shallowRef<RecordingPhase>('off')
  const name = shallowRef('')
  const startedAtMs = shallowRef(Number.NaN)
  const saved = shallowRef<SavedRecording | null>(null)
  let take: Take | null = null

  /** @returns false where no project is open: ask for one first */
  async function hasProject(): Promise<boolean> {
    return unwrap(await bridge().currentProject(null)) !== null
  }

  /** Records what is open now; a device that is opened later is not in it. */
  async function start(): Promise<void> {
    if (phase.value !== 'off' || !live.isLive) return
    const tracks = [live.camera.track, live.microphone.track].filter((track) => track !== null)
    const hasVideo = live.camera.track !== null
    const type = recordingType(hasVideo)
    if (!type || tracks.length === 0) return live.warn('error', t('live.record.unsupported'))
    phase.value = 'starting'
    saved.value = null
    try {
      const place = unwrap(await bridge().beginRecording({ container: type.container, hasVideo }))
      name.value = place.name
      await live.link().request('startRecording', { startedAtMs: nowMs() })
      take = startTake(type.mimeType, {
        tracks,
        onChunk: (bytes) =>
          live
            .link()
            .request('recordChunk', { bytes })
            .then(() => undefined),
        onError: (error) => void fail(error),
      })
      startedAtMs.value = nowMs()
      phase.value = 'on'
      await tellUnsaved('recording', t('live.record.unsaved'))
      live.warn('info', t('live.record.started'))
    } catch (error) {
      await fail(error)
    }
  }

  /** Ends it; wanted, the recording becomes a clip of the project. */
  async function stop(isWanted = true): Promise<void> {
    if (phase.value !== 'on') return
    phase.value = 'finishing'
    try {
      await take?.stop()
      const finished = await live.link().request('finishRecording', { isWanted })
      if (!finished) return live.warn('info', t('live.record.discarded'))
      const { token } = unwrap(await bridge().adoptRecording({ fileName: finished.fileName }))
      saved.value = { name: finished.fileName, token }
      live.warn('info', t('live.record.saved', { name: finished.fileName }))
    } catch (error) {
      live.warn('error', t('live.record.failed', { message: toFault(error).message }))
    } finally {
      await reset()
    }
  }

  /** A chunk could not be written, or the recorder gave up: what was written stays. */
  async function fail(error: unknown): Promise<void> {
    if (phase.value === 'off' || phase.value === 'finishing') return
    phase.value = 'finishing'
    live.warn('error', t('live.record.failed', { message: toFault(error).message }))
    // The files were closed with the failure; whether that worked, too, changes nothing for the user.
    await live
      .link()
      .request('finishRecording', { isWanted: true })
      .catch(() => null)
    await reset()
  }

  async function reset(): Promise<void> {
    take = null
    startedAtMs.value = Number.NaN
    phase.value = 'off'
    await tellUnsaved('recording', null)
  }

  return { phase, name, startedAtMs, saved, hasProject, start, stop }
})
