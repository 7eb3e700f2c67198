import type { Player } from '../../../stores/transport'
import { insideFrameSecs, nearestFrame } from '../time/frame-times'

/** The part of a video element that playing needs. */
export type VideoElement = Pick<
  HTMLVideoElement,
  | 'currentTime'
  | 'playbackRate'
  | 'volume'
  | 'muted'
  | 'paused'
  | 'seeking'
  | 'play'
  | 'pause'
  | 'addEventListener'
  | 'removeEventListener'
  | 'requestVideoFrameCallback'
  | 'cancelVideoFrameCallback'
>

export interface VideoPlayerOptions {
  /** When each frame is shown, on the clip's clock. */
  readonly timesSecs: () => Float64Array
  readonly durationSecs: () => number
  /** Clip seconds = the element's seconds + this. */
  readonly offsetSecs: () => number
  /** The element shows this frame now. */
  readonly onFrame: (frame: number) => void
  readonly onEnded: () => void
  readonly onFailed: (error: unknown) => void
}

/** Stepping must not make the element seek with every frame. */
const RESTING_MS = 250

/**
 * Plays a video element from an exact frame and says which frame it shows. Frames come from the compositor's own account of
 * what it presents (requestVideoFrameCallback), not from currentTime, which runs ahead of the picture.
 */
export class VideoPlayer implements Player {
  readonly #video: VideoElement
  readonly #options: VideoPlayerOptions
  #callback = 0
  #isWanted = false
  /** Frames before it belong to the time before a seek. */
  #target = -1
  #shown = -1
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #onEnded = () => {
    if (!this.#isWanted) return
    this.#isWanted = false
    this.#options.onEnded()
  }

  constructor(video: VideoElement, options: VideoPlayerOptions) {
    this.#video = video
    this.#options = options
    video.addEventListener('ended', this.#onEnded)
  }

  async play(frame: number): Promise<void> {
    this.#isWanted = true
    clearTimeout(this.#timer)
    try {
      await this.#seek(frame)
      if (!this.#isWanted) return
      this.#listen()
      await this.#video.play()
      if (!this.#isWanted) this.#video.pause()
    } catch (error) {
      // A pause that comes before playing has begun aborts it; that is what was wanted.
      if (!this.#isWanted) return
      this.#isWanted = false
      this.#options.onFailed(error)
    }
  }

  pause(): void {
    this.#isWanted = false
    this.#video.pause()
    this.#video.cancelVideoFrameCallback(this.#callback)
  }

  moveTo(frame: number): void {
    this.#seek(frame).catch((error: unknown) => this.#options.onFailed(error))
  }

  /** Has the element stand at a frame once the playhead rests there, so that playing begins at once. */
  prepareSoon(frame: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      if (!this.#isWanted && this.#target !== frame) this.moveTo(frame)
    }, RESTING_MS)
  }

  setSpeed(speed: number): void {
    this.#video.playbackRate = speed
  }

  setSound({ volume, isMuted }: { readonly volume: number; readonly isMuted: boolean }): void {
    this.#video.volume = volume
    this.#video.muted = isMuted
  }

  close(): void {
    clearTimeout(this.#timer)
    this.pause()
    this.#video.removeEventListener('ended', this.#onEnded)
  }

  #seek(frame: number): Promise<void> {
    const { timesSecs, durationSecs, offsetSecs } = this.#options
    const video = this.#video
    const isThere = !video.seeking && this.#target === frame && this.#shown === frame
    this.#target = frame
    if (isThere) return Promise.resolve()
    this.#shown = frame
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => () => {
        video.removeEventListener('seeked', done)
        video.removeEventListener('error', fail)
        finish()
      }
      const done = settle(resolve)
      const fail = settle(() => reject(new Error('the clip cannot be read any more')))
      video.addEventListener('seeked', done)
      video.addEventListener('error', fail)
      video.currentTime = Math.max(0, insideFrameSecs(timesSecs(), frame, durationSecs()) - offsetSecs())
    })
  }

  #listen(): void {
    this.#video.cancelVideoFrameCallback(this.#callback)
    this.#callback = this.#video.requestVideoFrameCallback((_now, { mediaTime }) => {
      if (!this.#isWanted) return
      const { timesSecs, offsetSecs, onFrame } = this.#options
      const frame = nearestFrame(timesSecs(), mediaTime + offsetSecs())
      // While it seeks, the element may still present what it showed before.
      if (!this.#video.seeking) {
        this.#shown = frame
        this.#target = frame
        onFrame(frame)
      }
      if (this.#isWanted) this.#listen()
    })
  }
}
