import { MODEL_LABELS } from '../emotions'
import type { FusionParameters } from './parameters'

type Vector = Float32Array | Float64Array

/** One modality at one moment. */
export interface ModalityReading {
  /** Calibrated posterior, canonical order; as many values as the prior has from `offset` on. NaN: absent. */
  readonly probs: ArrayLike<number>
  readonly offset?: number
  /** Class prior that training left in the model. Shape [7]; evaluations also fuse the eight classes of a data set. */
  readonly prior: ArrayLike<number>
  /** Reliability 0..1. */
  readonly gate: number
}

/**
 * Log-likelihood ratio of each emotion with the model's prior taken out:
 * l(c) = log((1 - floor) p(c) + floor x prior(c)) - log prior(c). Shape [n], n = 7 in the program; models.md section 5.
 * The floor says that the model may know nothing, which is its prior and no evidence: no class is held to be less likely
 * than `floor` times. A floor of equal shares, the same for a uniform prior, would turn ignorance into evidence for rare
 * classes (FER+ has 1% disgust); on PublicTest with all classes weighted alike its NLL was higher by 0.03
 * (a network of 17 epochs with FER+'s full class shares; 0.005 with the shipped one, which has half of them).
 */
export function evidence(reading: Omit<ModalityReading, 'gate'>, floor: number, out: Vector): void {
  const offset = reading.offset ?? 0
  const count = reading.prior.length
  for (let emotion = 0; emotion < count; emotion++) {
    const p = reading.probs[offset + emotion] ?? Number.NaN
    const prior = reading.prior[emotion] ?? Number.NaN
    out[emotion] = Math.log((1 - floor) * p + floor * prior) - Math.log(prior)
  }
}

/** Softmax of all scores into `out` from `offset` on; any finite scale of scores is safe. */
export function softmax(scores: ArrayLike<number>, out: Vector, offset = 0): void {
  const count = scores.length
  let top = Number.NEGATIVE_INFINITY
  for (let emotion = 0; emotion < count; emotion++) top = Math.max(top, scores[emotion] ?? Number.NaN)
  let sum = 0
  for (let emotion = 0; emotion < count; emotion++) sum += Math.exp((scores[emotion] ?? Number.NaN) - top)
  for (let emotion = 0; emotion < count; emotion++)
    out[offset + emotion] = Math.exp((scores[emotion] ?? Number.NaN) - top) / sum
}

/** An absent modality is null, or has a posterior of NaN. */
export function isPresent(reading: ModalityReading | null): reading is ModalityReading {
  return reading !== null && !Number.isNaN(reading.probs[reading.offset ?? 0] ?? Number.NaN)
}

/**
 * Scores of the gated product before the softmax:
 * s(c) = log rho_0(c) + b_face g_face l_face(c) + b_voice g_voice l_voice(c).
 * @param face evidence of shape [n], or null where there is no face; likewise speech
 * @param out receives n = parameters.prior.length scores
 */
export function productScores(
  face: { readonly evidence: ArrayLike<number>; readonly gate: number } | null,
  speech: { readonly evidence: ArrayLike<number>; readonly gate: number } | null,
  parameters: FusionParameters,
  out: Vector,
): void {
  for (let emotion = 0; emotion < parameters.prior.length; emotion++) {
    let score = Math.log(parameters.prior[emotion] ?? Number.NaN)
    if (face) score += parameters.faceExponent * face.gate * (face.evidence[emotion] ?? Number.NaN)
    if (speech) score += parameters.speechExponent * speech.gate * (speech.evidence[emotion] ?? Number.NaN)
    out[emotion] = score
  }
}

const faceEvidence = new Float64Array(MODEL_LABELS.length)
const speechEvidence = new Float64Array(MODEL_LABELS.length)
const scoreBuffer = new Float64Array(MODEL_LABELS.length)

/**
 * Decision-level fusion at one moment. One modality alone is used alone; with none, or with both gates below
 * `minimumGate`, the result is absent.
 * @param out receives as many probabilities as `parameters.prior` has from `offset` on, or NaN
 * @returns whether there is a result
 */
export function fuse(
  face: ModalityReading | null,
  speech: ModalityReading | null,
  parameters: FusionParameters,
  out: Vector,
  offset = 0,
): boolean {
  const presentFace = isPresent(face) ? face : null
  const presentSpeech = isPresent(speech) ? speech : null
  const bestGate = Math.max(presentFace?.gate ?? 0, presentSpeech?.gate ?? 0)
  const isFused =
    bestGate >= parameters.minimumGate &&
    (parameters.method === 'product'
      ? fuseProduct(presentFace, presentSpeech, parameters, out, offset)
      : fuseSum(presentFace, presentSpeech, parameters, out, offset))
  if (!isFused) out.fill(Number.NaN, offset, offset + parameters.prior.length)
  return isFused
}

function fuseProduct(
  face: ModalityReading | null,
  speech: ModalityReading | null,
  parameters: FusionParameters,
  out: Vector,
  offset: number,
): boolean {
  if (face) evidence(face, parameters.floor, faceEvidence)
  if (speech) evidence(speech, parameters.floor, speechEvidence)
  const scores = scoreBuffer.subarray(0, parameters.prior.length)
  productScores(
    face && { evidence: faceEvidence, gate: face.gate },
    speech && { evidence: speechEvidence, gate: speech.gate },
    parameters,
    scores,
  )
  softmax(scores, out, offset)
  return true
}

/** Gate-weighted mean of the posteriors as the models give them: the priors stay in, as in the published method. */
function fuseSum(
  face: ModalityReading | null,
  speech: ModalityReading | null,
  parameters: FusionParameters,
  out: Vector,
  offset: number,
): boolean {
  const faceWeight = face ? parameters.faceWeight * face.gate : 0
  const speechWeight = speech ? parameters.speechWeight * speech.gate : 0
  const total = faceWeight + speechWeight
  if (!(total > 0)) return false
  for (let emotion = 0; emotion < parameters.prior.length; emotion++) {
    let sum = 0
    if (face && faceWeight > 0) sum += faceWeight * (face.probs[(face.offset ?? 0) + emotion] ?? Number.NaN)
    if (speech && speechWeight > 0)
      sum += speechWeight * (speech.probs[(speech.offset ?? 0) + emotion] ?? Number.NaN)
    out[offset + emotion] = sum / total
  }
  return true
}
