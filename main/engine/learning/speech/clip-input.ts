import { cepstraFromLogMel, cosineMatrix } from '../../speech/mfcc'
import type { MfccParameters } from '../../speech/mfcc-parameters'
import {
  baseColumns,
  type ClipFeatures,
  clipReference,
  type NetworkInputSpec,
  stepFeatures,
} from '../../speech/network-input'
import { PITCH_COLUMNS } from '../../speech/pitch-columns'
import type { ClipCopy } from './clip-features'
import { copyColumns } from './clip-features'

const dctOf = new Map<string, Float64Array>()

function cosinesOf({ cepstra, melBands }: MfccParameters): Float64Array {
  const key = `${cepstra} ${melBands}`
  const known = dctOf.get(key)
  if (known) return known
  const made = cosineMatrix(cepstra, melBands)
  dctOf.set(key, made)
  return made
}

/** The base features that the engine computes, from rows as they are cached; shape [frames, baseColumns]. */
export function baseFromRows(
  rows: Float32Array,
  spec: Pick<NetworkInputSpec, 'mfcc' | 'pitch'>,
): Float32Array {
  const { melBands, cepstra } = spec.mfcc
  const dct = cosinesOf(spec.mfcc)
  const columns = copyColumns(spec.mfcc)
  const frames = rows.length / columns
  const width = baseColumns(spec)
  const base = new Float32Array(frames * width)
  for (let frame = 0; frame < frames; frame++) {
    const from = frame * columns
    const to = frame * width
    cepstraFromLogMel(rows, { dct, cepstra, melBands, out: base, outOffset: to, inOffset: from })
    base[to + cepstra] = rows[from + melBands]!
    if (spec.pitch)
      for (let column = 1; column <= PITCH_COLUMNS; column++)
        base[to + cepstra + column] = rows[from + melBands + column]!
  }
  return base
}

/** A version of a clip as the engine would see it. */
export function featuresOfCopy({ rows, speech }: ClipCopy, spec: NetworkInputSpec): ClipFeatures {
  const base = baseFromRows(rows, spec)
  const isSpeech = new Uint8Array(base.length / baseColumns(spec))
  for (const { start, end } of speech) isSpeech.fill(1, start, end)
  return { base, isSpeech }
}

/** Mean and SD of each coefficient over the detected speech of clips, as the network would see it. */
export function measureStandardisation(
  copies: readonly ClipCopy[],
  spec: NetworkInputSpec,
): { mean: Float32Array; sd: Float32Array } {
  const { coefficients } = spec
  const sums = new Float64Array(coefficients)
  const squares = new Float64Array(coefficients)
  let count = 0
  for (const copy of copies) {
    const features = featuresOfCopy(copy, spec)
    const reference = clipReference(features, spec)
    for (const range of copy.speech) {
      const steps = stepFeatures(features, range, reference, spec)
      count += steps.length / coefficients
      for (let k = 0; k < steps.length; k++) {
        sums[k % coefficients]! += steps[k]!
        squares[k % coefficients]! += steps[k]! * steps[k]!
      }
    }
  }
  const total = Math.max(1, count)
  const mean = Float32Array.from(sums, (sum) => sum / total)
  const sd = Float32Array.from(squares, (square, k) =>
    Math.max(1e-3, Math.sqrt(Math.max(0, square / total - (sums[k]! / total) ** 2))),
  )
  return { mean, sd }
}
