import { toFault, UnmaskError } from '../../engine/errors'
import { decodeAudio } from '../../engine/media/decode-audio'
import { probe } from '../../engine/media/probe'
import { SignalCollector } from '../../engine/signals/collect-signals'
import {
  mediaIdentity,
  openSignalsFile,
  type SignalsFile,
  signalsFilePath,
  writeSignalsFile,
} from '../../engine/signals/signals-file'
import { SIGNAL_RATE_HZ, type SoundSignals } from '../../engine/signals/sound-signals'
import type { ClipGrant } from './grants'

export interface SoundProgress {
  /** Share of the sound that is read; null where its length is not known. */
  readonly fraction: number | null
  readonly readSecs: number
}

/** The sound of one clip as pictures: from the cache, or read from the recording, as far as it has come. */
export class ClipSound {
  readonly #grant: ClipGrant
  readonly #controller = new AbortController()
  readonly #listeners = new Set<(progress: SoundProgress) => void>()
  #signals: SoundSignals | null = null
  #file: SignalsFile | null = null
  #ready: Promise<SoundSignals | null> | null = null
  #waiting = 0

  constructor(grant: ClipGrant) {
    this.#grant = grant
  }

  /** What is known of the sound by now; null where it has none, or nothing was read yet. */
  get signals(): SoundSignals | null {
    return this.#signals
  }

  /**
   * Has the sound read, once, however often it is asked for. When nobody waits for it any more, reading stops.
   * @returns null where the clip has no sound
   * @throws UnmaskError 'media.*' | 'input.*' | 'cancelled'
   */
  async prepare(
    signal: AbortSignal,
    onProgress: (progress: SoundProgress) => void,
  ): Promise<SoundSignals | null> {
    this.#ready ??= this.#open()
    this.#waiting++
    this.#listeners.add(onProgress)
    const leave = () => {
      if (--this.#waiting === 0 && !this.isDone) this.close()
    }
    signal.addEventListener('abort', leave, { once: true })
    try {
      return await this.#ready
    } finally {
      signal.removeEventListener('abort', leave)
      this.#listeners.delete(onProgress)
      if (!signal.aborted) this.#waiting--
    }
  }

  /** Whether all is read, or was found to be absent. */
  isDone = false

  /** True once reading was stopped: another ClipSound must begin anew. */
  get isClosed(): boolean {
    return this.#controller.signal.aborted
  }

  close(): void {
    this.#controller.abort()
    this.#signals = null
    // Readings that are under way end with an error of the closed file, which nobody waits for.
    void this.#file?.close().catch(() => undefined)
    this.#file = null
  }

  async #open(): Promise<SoundSignals | null> {
    const { mediaPath, cacheFolder, clipId } = this.#grant
    const identity = await identityOf(mediaPath)
    const path = cacheFolder === null ? null : signalsFilePath(cacheFolder, clipId)
    const cached = path === null ? null : await openSignalsFile(path, identity)
    if (cached) return this.#use(cached)
    const collector = await this.#collect()
    if (!collector) {
      this.isDone = true
      return null
    }
    if (path !== null) {
      try {
        await writeSignalsFile(path, identity, collector.levels, collector.signals.facts)
        const written = await openSignalsFile(path, identity)
        if (written) return this.#use(written)
      } catch (error) {
        // A full disk or a folder that takes no files costs memory, nothing else; every other error is one.
        if (!toFault(error).code.startsWith('output.')) throw error
      }
    }
    this.isDone = true
    return collector.signals
  }

  /** From here on the file is read and the memory let go. */
  #use(file: SignalsFile): SoundSignals {
    if (this.isClosed) {
      void file.close().catch(() => undefined)
      throw new UnmaskError('cancelled', 'Cancelled')
    }
    this.#file = file
    this.#signals = file.signals
    this.isDone = true
    return file.signals
  }

  /** @returns null where there is no sound */
  async #collect(): Promise<SignalCollector | null> {
    const { signal } = this.#controller
    const media = await probe(this.#grant.mediaPath, { signal })
    if (!media.audio) return null
    const collector = new SignalCollector()
    this.#signals = collector.signals
    const durationSecs = media.audio.durationSecs ?? media.durationSecs
    await collector.collect(decodeAudio(media, { sampleRateHz: SIGNAL_RATE_HZ, signal }), {
      signal,
      onProgress: (readSecs) => {
        const fraction = durationSecs ? Math.min(1, readSecs / durationSecs) : null
        for (const listener of this.#listeners) listener({ fraction, readSecs })
      },
    })
    return collector
  }
}

async function identityOf(mediaPath: string) {
  try {
    return await mediaIdentity(mediaPath)
  } catch (error) {
    throw new UnmaskError(
      'input.not-found',
      `the recording is not there; put it back or locate it in the library: ${mediaPath}`,
      { cause: error },
    )
  }
}
