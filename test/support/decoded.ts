import { decodeAudio } from '../../main/engine/media/decode-audio'
import { decodeVideo } from '../../main/engine/media/decode-video'
import type { AudioBlock, MediaInfo, VideoFrame } from '../../main/engine/media/types'
import { readPattern } from './frame-pattern'

export interface DecodedPictures {
  /** As read from the pictures; null where one is not upright. */
  readonly numbers: readonly (number | null)[]
  readonly frames: readonly Omit<VideoFrame, 'rgb'>[]
  readonly damage: readonly string[]
}

export async function decodePictures(info: MediaInfo, longestSidePx = 80): Promise<DecodedPictures> {
  const numbers: (number | null)[] = []
  const frames: Omit<VideoFrame, 'rgb'>[] = []
  const damage: string[] = []
  for await (const { rgb, ...frame } of decodeVideo(info, {
    longestSidePx,
    onDamage: (text) => damage.push(text),
  })) {
    numbers.push(readPattern(rgb, frame.widthPx, frame.heightPx))
    frames.push(frame)
  }
  return { numbers, frames, damage }
}

export interface DecodedSound {
  readonly blocks: readonly AudioBlock[]
  /** All blocks in one, zeros in the gaps. */
  readonly samples: Float32Array
  readonly startSample: number
  readonly endSample: number
  /** Where a block does not follow on the one before: [its end, the next one's start]. */
  readonly jumps: readonly (readonly [number, number])[]
  readonly damage: readonly string[]
}

export async function decodeSound(info: MediaInfo, sampleRateHz: number): Promise<DecodedSound> {
  const blocks: AudioBlock[] = []
  const damage: string[] = []
  const jumps: [number, number][] = []
  let end: number | null = null
  for await (const block of decodeAudio(info, { sampleRateHz, onDamage: (text) => damage.push(text) })) {
    if (end !== null && end !== block.startSample) jumps.push([end, block.startSample])
    end = block.startSample + block.samples.length
    blocks.push(block)
  }
  const startSample = blocks[0]?.startSample ?? 0
  const endSample = end ?? startSample
  const samples = new Float32Array(endSample - startSample)
  for (const block of blocks) samples.set(block.samples, block.startSample - startSample)
  return { blocks, samples, startSample, endSample, jumps, damage }
}
