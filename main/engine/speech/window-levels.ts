import type { FrameRange, VadResult } from './vad'
import { DIGITAL_SILENCE_DB, VAD_BANDS, VAD_COLUMNS } from './vad-features'

export interface WindowLevels {
  /** dB re full scale; -200 in digital silence. */
  readonly rmsDb: number
  /** Speech frames over the frames of a full window, 0..1: shorter speech is padded and counts for less. */
  readonly speechShare: number
  /** dB; null where the window has no speech or no noise floor could be measured. */
  readonly snrDb: number | null
}

/**
 * Levels of a range of frames. The SNR compares the mean power of its speech frames with the noise floor there.
 * @param fullWindowFrames length of a window that speech fills
 */
export function windowLevels(
  vadRows: Float32Array,
  vad: VadResult,
  { start, end }: FrameRange,
  fullWindowFrames: number,
): WindowLevels {
  let power = 0
  let speechPower = 0
  let speechFrames = 0
  let noisePower = 0
  let noiseFrames = 0
  for (let frame = start; frame < end; frame++) {
    const level = vadRows[frame * VAD_COLUMNS + VAD_BANDS]!
    const framePower = level <= DIGITAL_SILENCE_DB ? 0 : 10 ** (level / 10)
    power += framePower
    if (vad.isSpeech[frame] === 1) {
      speechPower += framePower
      speechFrames++
    }
    const noise = vad.noiseDb[frame]!
    if (Number.isNaN(noise)) continue
    noisePower += 10 ** (noise / 10)
    noiseFrames++
  }
  const frames = Math.max(1, end - start)
  const hasSnr = speechFrames > 0 && noiseFrames > 0 && speechPower > 0
  return {
    rmsDb: power > 0 ? 10 * Math.log10(power / frames) : DIGITAL_SILENCE_DB,
    speechShare: speechFrames / Math.max(frames, fullWindowFrames),
    snrDb: hasSnr ? 10 * Math.log10(speechPower / speechFrames / (noisePower / noiseFrames)) : null,
  }
}
