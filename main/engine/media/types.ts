/** Seconds per tick as a fraction: FFmpeg's AVRational. */
export interface TimeBase {
  readonly num: number
  readonly den: number
}

export type RotationDegrees = 0 | 90 | 180 | 270

export interface VideoStreamInfo {
  readonly streamIndex: number
  readonly codec: string
  readonly profile: string | null
  readonly pixelFormat: string | null
  readonly bitDepth: number
  /** As coded, before rotation. */
  readonly codedWidthPx: number
  readonly codedHeightPx: number
  /**
   * As seen: square pixels (the width stretched by the sample aspect ratio), rotated upright. Face boxes are in these
   * pixels.
   */
  readonly widthPx: number
  readonly heightPx: number
  /** Clockwise turn that makes the picture upright. */
  readonly rotationDegrees: RotationDegrees
  readonly timeBase: TimeBase
  /** Timestamp of the first picture that decodes. */
  readonly startTicks: number
  /** As the container states it (FFmpeg r_frame_rate); null where it states none. */
  readonly nominalFps: number | null
  /** Frames per second from packet timestamps; null with fewer than two. */
  readonly measuredFps: number | null
  /** True when the spacing of timestamps differs by more than rounding to ticks explains (frame-rate.ts). */
  readonly isVariableRate: boolean
  readonly durationSecs: number | null
}

export interface AudioStreamInfo {
  readonly streamIndex: number
  readonly codec: string
  readonly sampleRateHz: number
  readonly channels: number
  readonly timeBase: TimeBase
  /** Timestamp of the first sample that decodes, encoder delay left out. */
  readonly startTicks: number
  readonly durationSecs: number | null
}

export interface MediaInfo {
  readonly path: string
  readonly sizeBytes: number
  /** FFmpeg's short name, for example "mov,mp4,m4a,3gp,3g2,mj2". */
  readonly container: string
  readonly durationSecs: number | null
  /** The first usable video stream (cover pictures of audio files do not count). */
  readonly video: VideoStreamInfo | null
  /** The first usable audio stream. */
  readonly audio: AudioStreamInfo | null
  /**
   * The one zero of the clip in seconds of the container's clock: the first video frame's timestamp, or the first
   * audio sample's where there is no video.
   */
  readonly zeroSecs: number
}

/** One decoded, upright, scaled picture. */
export interface VideoFrame {
  /** Position in the order shown, 0-based; counts every decoded frame. */
  readonly index: number
  /** Strictly increasing: repeated timestamps are moved by the smallest tick. */
  readonly ptsTicks: number
  /** ptsTicks in seconds minus the first frame's. */
  readonly timeSecs: number
  readonly widthPx: number
  readonly heightPx: number
  /** Interleaved RGB, shape [heightPx, widthPx, 3], 0..255, tightly packed; the receiver owns it. */
  readonly rgb: Uint8Array
}

export interface DecodeVideoOptions {
  /** The longer side is scaled down to this many pixels inside FFmpeg; never up. */
  readonly longestSidePx: number
  readonly signal?: AbortSignal
  /** Called once for each kind of damage after which decoding goes on or ends early (a truncated file). */
  readonly onDamage?: (reason: string) => void
}

/** Consecutive mono samples within [-1, 1]. */
export interface AudioBlock {
  /** Position of samples[0] on the clip's clock: 0 is the clip's zero, negative before it. */
  readonly startSample: number
  readonly samples: Float32Array
}

export interface DecodeAudioOptions {
  readonly sampleRateHz: number
  readonly signal?: AbortSignal
  readonly onDamage?: (reason: string) => void
}
