import { setTimeout } from 'node:timers/promises'
import { decodeVideo } from '../../main/engine/media/decode-video'
import { type FrameReader, openFrameReader } from '../../main/engine/media/frame-reader'
import { probe } from '../../main/engine/media/probe'

export interface StepTimes {
  readonly medianMs: number
  readonly p95Ms: number
  readonly maxMs: number
}

export interface FramesBench {
  readonly openMs: number
  /** At the rate of a held key. */
  readonly forwards: StepTimes
  readonly backwards: StepTimes
  /** Each as soon as the one before is there. */
  readonly backwardsRushed: StepTimes
  readonly jumps: StepTimes
  /** Decoding from beginning to end and nothing else, a frame. */
  readonly decodeMs: number
}

const LONGEST_SIDE_PX = 1280
const STEPS = 300
const JUMPS = 30
/** A held key repeats about thirty times a second. */
const KEY_SECS = 1 / 30

/** Time from asking for a frame to having its picture. The cache is too small for the clip, and empty at each beginning. */
export async function benchFrames(clipPath: string): Promise<FramesBench> {
  const started = performance.now()
  const first = await openFrameReader(clipPath, { longestSidePx: LONGEST_SIDE_PX })
  const openMs = performance.now() - started
  const { frameCount } = first
  await first.close()
  const steps = Math.min(STEPS, Math.floor(frameCount / 2))
  const up = Array.from({ length: steps }, (_, step) => step)
  const down = up.map((step) => frameCount - 1 - step)
  const far = Array.from({ length: JUMPS }, (_, jump) => (jump * 7919) % frameCount)
  return {
    openMs,
    forwards: await timeSteps(clipPath, up, KEY_SECS),
    backwards: await timeSteps(clipPath, down, KEY_SECS),
    backwardsRushed: await timeSteps(clipPath, down, 0),
    jumps: await timeSteps(clipPath, far, KEY_SECS),
    decodeMs: await timeDecoding(clipPath),
  }
}

async function timeSteps(
  clipPath: string,
  indices: readonly number[],
  pauseSecs: number,
): Promise<StepTimes> {
  const reader: FrameReader = await openFrameReader(clipPath, { longestSidePx: LONGEST_SIDE_PX })
  try {
    const times: number[] = []
    for (const index of indices) {
      const asked = performance.now()
      await reader.read(index)
      times.push(performance.now() - asked)
      if (pauseSecs > 0) await setTimeout(1000 * pauseSecs)
    }
    // The first is a jump.
    const sorted = Float64Array.from(times.slice(1)).sort()
    const at = (share: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN
    return { medianMs: at(0.5), p95Ms: at(0.95), maxMs: at(1) }
  } finally {
    await reader.close()
  }
}

async function timeDecoding(clipPath: string): Promise<number> {
  const info = await probe(clipPath)
  const started = performance.now()
  let frames = 0
  for await (const _ of decodeVideo(info, { longestSidePx: LONGEST_SIDE_PX })) frames += 1
  return (performance.now() - started) / frames
}
