import type { Player } from '../../../stores/transport'
import { clockCorrectionSecs } from './clock-correction'
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
  | 'readyState'
  | 'play'
  | 'pause'
  | 'addEventListener'
  | 'removeEventListener'
  | 'requestVideoFrameCallback'
  | 'cancelVideoFrameCallback'
>

/** A picture and the time it is of, on the element's clock: one thing, so that they cannot come apart. */
export interface CapturedFrame {
  readonly mediaSecs: number
  readonly picture: CanvasImageSource
  close(): void
}

export interface VideoPlayerOptions {
  /** Takes the picture that the element presents; null: there is none to take. By default a VideoFrame of it. */
  readonly capture?: (video: VideoElement) => CapturedFrame | null
  /** When each frame is shown, on the clip's clock. */
  readonly timesSecs: () => Float64Array
  readonly durationSecs: () => number
  /** Clip seconds = the element's seconds + this. */
  readonly offsetSecs: () => number
  /** The element presents this frame; the picture is to be drawn at once and not to be kept. */
  readonly onFrame: (frame: number, picture: CanvasImageSource) => void
  readonly onEnded: () => void
  readonly onFailed: (error: unknown) => void
}

/**
 * The element moves on by itself: what it would paint when asked for its picture may be a frame other than the one the
 * callback is about. A VideoFrame carries its own time.
 */
function captureFrame(video: VideoElement): CapturedFrame | null {
  try {
    const frame = new VideoFrame(video as HTMLVideoElement)
    return { mediaSecs: frame.timestamp / 1e6, picture: frame, close: () => frame.close() }
  } catch (error) {
    // Between two pictures, after a seek for instance, there is none; the next callback brings one.
    if (error instanceof DOMException && error.name === 'InvalidStateError') return null
    throw error
  }
}

/** Of HTMLMediaElement.readyState: there is a picture. */
const HAVE_CURRENT_DATA = 2

/** Stepping must not make the element seek with every frame. */
const RESTING_MS = 250

/**
 * Plays a video element from an exact frame and says which frame it shows. Asked once for each frame that the compositor
 * presents (requestVideoFrameCallback), and by the time of the very picture that is drawn; currentTime runs ahead of it.
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
  #correctionSecs = 0
  /** The element's clock is known, or the element has failed. */
  readonly #ready: Promise<void>
  readonly #onEnded = () => {
    if (!this.#isWanted) return
    this.#isWanted = false
    this.#options.onEnded()
  }

  constructor(video: VideoElement, options: VideoPlayerOptions) {
    this.#video = video
    this.#options = options
    video.addEventListener('ended', this.#onEnded)
    this.#ready = this.#compareClocks()
  }

  async play(frame: number): Promise<void> {
    this.#isWanted = true
    clearTimeout(this.#timer)
    try {
      await this.#ready
      if (!this.#isWanted) return
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
    this.#ready.then(() => this.#seek(frame)).catch((error: unknown) => this.#options.onFailed(error))
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

  /** Compares the first picture that the element has with the clip's first frame. */
  async #compareClocks(): Promise<void> {
    const video = this.#video
    if (video.readyState < HAVE_CURRENT_DATA)
      await new Promise<void>((resolve) => {
        video.addEventListener('loadeddata', () => resolve(), { once: true })
        video.addEventListener('error', () => resolve(), { once: true })
      })
    const { timesSecs, capture = captureFrame } = this.#options
    const captured = video.currentTime === 0 ? capture(video) : null
    if (!captured) return
    this.#correctionSecs = clockCorrectionSecs(timesSecs(), this.#clipSecs(captured.mediaSecs))
    captured.close()
  }

  #clipSecs(mediaSecs: number): number {
    return mediaSecs + this.#options.offsetSecs() + this.#correctionSecs
  }

  #mediaSecs(clipSecs: number): number {
    return Math.max(0, clipSecs - this.#options.offsetSecs() - this.#correctionSecs)
  }

  #seek(frame: number): Promise<void> {
    const { timesSecs, durationSecs } = this.#options
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
      video.currentTime = this.#mediaSecs(insideFrameSecs(timesSecs(), frame, durationSecs()))
    })
  }

  #listen(): void {
    this.#video.cancelVideoFrameCallback(this.#callback)
    this.#callback = this.#video.requestVideoFrameCallback(() => {
      if (!this.#isWanted) return
      // While it seeks, the element may still present what it showed before.
      if (!this.#video.seeking) this.#present()
      if (this.#isWanted) this.#listen()
    })
  }

  #present(): void {
    const { timesSecs, onFrame, capture = captureFrame } = this.#options
    const captured = capture(this.#video)
    if (!captured) return
    try {
      const frame = nearestFrame(timesSecs(), this.#clipSecs(captured.mediaSecs))
      this.#shown = frame
      this.#target = frame
      onFrame(frame, captured.picture)
    } finally {
      captured.close()
    }
  }
}
