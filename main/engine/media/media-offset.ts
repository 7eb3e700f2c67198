import type { MediaInfo } from './types'

/**
 * What to add to the media time that Chromium's video element states for a frame (`requestVideoFrameCallback`,
 * `currentTime`) to get seconds after the clip's zero.
 *
 * Chromium's media time 0 is the earliest timestamp of the file's streams where that is above zero, as FFmpeg's demuxer
 * states it in `start_time`; its clock never starts before the file's own 0.
 */
export function mediaOffsetSecs({ zeroSecs }: MediaInfo): number {
  return -zeroSecs
}
