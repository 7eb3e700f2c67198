import type { Player } from '../../../stores/transport'

/** The part of a media element that playing sound needs. */
export type AudioElement = Pick<
  HTMLMediaElement,
  | 'currentTime'
  | 'playbackRate'
  | 'volume'
  | 'muted'
  | 'seeking'
  | 'play'
  | 'pause'
  | 'addEventListener'
  | 'removeEventListener'
>

export interface AudioPlayerOptions {
  readonly secsOfStep: (step: number) => number
  /** Clip seconds = the element's seconds + this. */
  readonly offsetSecs: () => number
  readonly onTime: (secs: number) => void
  readonly onEnded: () => void
  readonly onFailed: (error: unknown) => void
  readonly requestFrame?: (callback: () => void) => number
  readonly cancelFrame?: (handle: number) => void
}

/** Plays sound, and tells the time with each frame of the display; for clips without pictures that can be played. */
export class AudioPlayer implements Player {
  readonly #media: AudioElement
  readonly #options: Required<AudioPlayerOptions>
  #handle = 0
  #isWanted = false
  readonly #onEnded = () => {
    if (!this.#isWanted) return
    this.#isWanted = false
    this.#options.onEnded()
  }

  constructor(media: AudioElement, options: AudioPlayerOptions) {
    this.#media = media
    this.#options = {
      requestFrame: (callback) => requestAnimationFrame(callback),
      cancelFrame: (handle) => cancelAnimationFrame(handle),
      ...options,
    }
    media.addEventListener('ended', this.#onEnded)
  }

  async play(step: number): Promise<void> {
    this.#isWanted = true
    this.moveTo(step)
    try {
      await this.#media.play()
      if (!this.#isWanted) return this.#media.pause()
      this.#tick()
    } catch (error) {
      if (!this.#isWanted) return
      this.#isWanted = false
      this.#options.onFailed(error)
    }
  }

  pause(): void {
    this.#isWanted = false
    this.#media.pause()
    this.#options.cancelFrame(this.#handle)
  }

  moveTo(step: number): void {
    const { secsOfStep, offsetSecs } = this.#options
    this.#media.currentTime = Math.max(0, secsOfStep(step) - offsetSecs())
  }

  setSpeed(speed: number): void {
    this.#media.playbackRate = speed
  }

  setSound({ volume, isMuted }: { readonly volume: number; readonly isMuted: boolean }): void {
    this.#media.volume = volume
    this.#media.muted = isMuted
  }

  close(): void {
    this.pause()
    this.#media.removeEventListener('ended', this.#onEnded)
  }

  #tick(): void {
    this.#handle = this.#options.requestFrame(() => {
      if (!this.#isWanted) return
      if (!this.#media.seeking) this.#options.onTime(this.#media.currentTime + this.#options.offsetSecs())
      if (this.#isWanted) this.#tick()
    })
  }
}
