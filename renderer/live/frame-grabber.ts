import { nowMs } from './sound-tap'

/** A camera frame as the live process takes it. */
export interface GrabbedFrame {
  readonly frameNumber: number
  /** On the clock of performance.timeOrigin. */
  readonly capturedAtMs: number
  readonly widthPx: number
  readonly heightPx: number
  /** RGBA, shape [heightPx, widthPx, 4]. */
  readonly rgba: Uint8Array<ArrayBuffer>
  /** Frames of the camera so far that were not grabbed because one was still being analysed. */
  readonly droppedSoFar: number
}

export interface GrabberOptions {
  /** Called with one frame at a time; the next one is grabbed when it is settled. */
  readonly analyse: (frame: GrabbedFrame) => Promise<void>
  readonly onError: (error: unknown) => void
  /** The longer side is scaled down to this. */
  readonly longestSidePx?: number
}

/** As offline (FACE_PARAMETERS.decodeLongestSidePx). */
const LONGEST_SIDE_PX = 640
/** A frame that waited longer is left out: the next one comes soon, and the overlay must not lag behind the picture. */
const FRESH_MS = 18
/** Without a frame callback for so long the window may be out of sight: the video is then looked at by the clock. */
const UNSEEN_MS = 250

/** Size that a picture is grabbed at; never larger than it is. */
export function grabSize(
  widthPx: number,
  heightPx: number,
  longestSidePx = LONGEST_SIDE_PX,
): { widthPx: number; heightPx: number } {
  const scale = Math.min(1, longestSidePx / Math.max(widthPx, heightPx))
  return {
    widthPx: Math.max(1, Math.round(widthPx * scale)),
    heightPx: Math.max(1, Math.round(heightPx * scale)),
  }
}

/** Takes frames from a playing video, one in flight; those that come meanwhile are counted as dropped. */
export class FrameGrabber {
  private frames = 0
  private dropped = 0
  private isBusy = false
  private waiting: { readonly capturedAtMs: number; readonly arrivedMs: number } | null = null
  private isRunning = false
  private callback = 0
  private lastFrameMs = 0
  private lastMediaSecs = Number.NaN
  private watch: ReturnType<typeof setInterval> | undefined
  private canvas: OffscreenCanvas | null = null
  private context: OffscreenCanvasRenderingContext2D | null = null

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly options: GrabberOptions,
  ) {}

  get droppedFrames(): number {
    return this.dropped
  }

  /** Frames that the camera gave, grabbed or not. */
  get seenFrames(): number {
    return this.frames
  }

  start(): void {
    if (this.isRunning) return
    this.isRunning = true
    this.lastFrameMs = nowMs()
    this.next()
    this.watch = setInterval(() => this.lookUnseen(), UNSEEN_MS / 2)
  }

  stop(): void {
    this.isRunning = false
    this.video.cancelVideoFrameCallback(this.callback)
    clearInterval(this.watch)
  }

  private next(): void {
    this.callback = this.video.requestVideoFrameCallback((now, metadata) => {
      if (!this.isRunning) return
      this.next()
      // A frame of a camera says when it was captured; one of a file when it was shown.
      this.take(performance.timeOrigin + (metadata.captureTime ?? now))
    })
  }

  /** Frame callbacks come with painting, and a window out of sight is not painted. */
  private lookUnseen(): void {
    const { currentTime, readyState } = this.video
    if (nowMs() - this.lastFrameMs < UNSEEN_MS || readyState < 2 || currentTime === this.lastMediaSecs) return
    this.take(nowMs(), false)
  }

  private take(capturedAtMs: number, isPainted = true): void {
    this.frames++
    if (isPainted) this.lastFrameMs = nowMs()
    this.lastMediaSecs = this.video.currentTime
    if (this.isBusy) {
      // The newest one waits a moment; the one that it replaces is lost.
      if (this.waiting) this.dropped++
      this.waiting = { capturedAtMs, arrivedMs: nowMs() }
      return
    }
    this.isBusy = true
    void this.analyse(capturedAtMs)
  }

  /** What came while the last frame was analysed is still on the screen: if it is fresh, it is next. */
  private takeWaiting(): void {
    const { waiting } = this
    this.waiting = null
    this.isBusy = false
    if (!waiting) return
    if (!this.isRunning || nowMs() - waiting.arrivedMs > FRESH_MS) {
      this.dropped++
      return
    }
    this.isBusy = true
    void this.analyse(waiting.capturedAtMs)
  }

  private async analyse(capturedAtMs: number): Promise<void> {
    try {
      const grabbed = this.grab()
      if (!grabbed) return
      await this.options.analyse({
        frameNumber: this.frames,
        capturedAtMs,
        droppedSoFar: this.dropped,
        ...grabbed,
      })
    } catch (error) {
      this.options.onError(error)
    } finally {
      this.takeWaiting()
    }
  }

  private grab(): Pick<GrabbedFrame, 'widthPx' | 'heightPx' | 'rgba'> | null {
    const { videoWidth, videoHeight } = this.video
    if (videoWidth === 0 || videoHeight === 0) return null
    const { widthPx, heightPx } = grabSize(videoWidth, videoHeight, this.options.longestSidePx)
    const context = this.contextOf(widthPx, heightPx)
    context.drawImage(this.video, 0, 0, widthPx, heightPx)
    const { data } = context.getImageData(0, 0, widthPx, heightPx)
    return { widthPx, heightPx, rgba: new Uint8Array(data.buffer) }
  }

  private contextOf(widthPx: number, heightPx: number): OffscreenCanvasRenderingContext2D {
    if (this.canvas?.width === widthPx && this.canvas.height === heightPx && this.context) return this.context
    this.canvas = new OffscreenCanvas(widthPx, heightPx)
    const context = this.canvas.getContext('2d', { willReadFrequently: true, alpha: false })
    if (!context) throw new Error('this window can draw no pictures')
    this.context = context
    return context
  }
}
