/**
 * Pictures of a clip over the port of the viewer process: decoded frames for stepping, by number as in frames.csv.
 */

/** A clip opened for stepping. */
export interface OpenedFrames {
  readonly frameCount: number
  /** When each frame is shown, in seconds after the clip's zero, strictly increasing. Shape [frameCount]. */
  readonly timesSecs: Float64Array
  /** Of the pictures that `readFrame` gives: upright, square pixels. */
  readonly widthPx: number
  readonly heightPx: number
  /**
   * What to add to a video element's media time (`requestVideoFrameCallback`) for seconds after the clip's zero, while
   * it plays the file itself. A proxy starts at zero.
   */
  readonly mediaOffsetSecs: number
  /** See FramePicture.revision. */
  readonly revision: number
}

/** One frame, fit for `new VideoFrame(bytes, { format: 'I420', … })`. */
export interface FramePicture {
  readonly index: number
  readonly timeSecs: number
  readonly widthPx: number
  readonly heightPx: number
  /** The luma plane [heightPx, widthPx], then both planes of colour differences [heightPx / 2, widthPx / 2]; limited range. */
  readonly i420: Uint8Array
  /** How the values stand for colours; the names are those of WebCodecs. */
  readonly matrix: 'bt709' | 'smpte170m'
  /** Another number than before: decoding has shown other frames than the file stated; `openFrames` tells them. */
  readonly revision: number
}

export interface ViewerFrameVerbs {
  /** Finds out which frames there are; cancel by the request's number. A clip that is open already answers at once. */
  openFrames: { ask: { readonly token: string }; answer: OpenedFrames }
  /** A newer request for the same clip cancels an older one. */
  readFrame: { ask: { readonly token: string; readonly index: number }; answer: FramePicture }
  closeFrames: { ask: { readonly token: string }; answer: null }
}
