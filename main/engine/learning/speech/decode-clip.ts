import { decodeAudio } from '../../media/decode-audio'
import { probe } from '../../media/probe'
import { readContinuous } from '../../speech/collect-features'

/** All samples of a short recording, mono, at the rate; gaps are zeros. */
export async function decodeClip(
  path: string,
  sampleRateHz: number,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const info = await probe(path)
  const parts: Float32Array[] = []
  let length = 0
  await readContinuous(
    decodeAudio(info, { sampleRateHz, signal }),
    (samples) => {
      parts.push(samples.slice())
      length += samples.length
    },
    { signal },
  )
  const all = new Float32Array(length)
  let offset = 0
  for (const part of parts) {
    all.set(part, offset)
    offset += part.length
  }
  return all
}
