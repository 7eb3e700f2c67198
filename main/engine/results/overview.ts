import { EMOTION_COUNT, topEmotion } from '../emotions'
import { analysedSpans } from '../timeline/sampling'
import { QUALITIES, type Quality, type TimelineRows } from '../timeline/types'
import type { ClipRows } from './clip-rows'
import { SPEECH_STATES, type SpeechRows } from './speech-rows'

type FaceRows = Pick<ClipRows, 'count' | 'frame' | 'timeSecs' | 'durSecs' | 'faceId' | 'faceBox' | 'quality'>

export interface FacePresence {
  readonly faceId: number
  readonly firstSecs: number
  readonly lastSecs: number
  /** Analysed time in which the face is seen. */
  readonly seenSecs: number
}

/** Time that each row's reading stands for, in seconds; see timeline/sampling.ts. */
export function rowSpans(rows: ClipRows, rowSource: 'video' | 'speech-hop'): Float64Array {
  return analysedSpans(rows as unknown as TimelineRows, rowSource)
}

/** The faces of a clip, ascending, and when they are seen. */
export function facesOf(rows: FaceRows, spans: Float64Array): FacePresence[] {
  const faces = new Map<number, { firstSecs: number; lastSecs: number; seenSecs: number }>()
  for (let row = 0; row < rows.count; row++) {
    const faceId = rows.faceId[row] ?? -1
    if (faceId < 0) continue
    const secs = rows.timeSecs[row] ?? 0
    const spanSecs = spans[row] ?? 0
    const known = faces.get(faceId)
    if (!known) faces.set(faceId, { firstSecs: secs, lastSecs: secs + spanSecs, seenSecs: spanSecs })
    else {
      known.lastSecs = secs + spanSecs
      known.seenSecs += spanSecs
    }
  }
  return [...faces].sort(([a], [b]) => a - b).map(([faceId, seen]) => ({ faceId, ...seen }))
}

export interface Agreement {
  /** Share of the time with both readings in which face and speech name the same emotion; null without such time. */
  readonly share: number | null
  /** That time, in seconds. */
  readonly basisSecs: number
}

/**
 * How far face and speech agree, weighted by time.
 * @param faceId null: all faces as one person, of several at once the largest
 */
export function faceSpeechAgreement(
  rows: Pick<ClipRows, 'faceLabel' | 'speechLabel'> & FaceRows,
  spans: Float64Array,
  faceId: number | null,
): Agreement {
  let basisSecs = 0
  let equalSecs = 0
  const count = (row: number): void => {
    const face = rows.faceLabel[row] ?? -1
    const speech = rows.speechLabel[row] ?? -1
    if (face < 0 || speech < 0) return
    basisSecs += spans[row] ?? 0
    if (face === speech) equalSecs += spans[row] ?? 0
  }
  if (faceId === null) for (const row of largestFaceRows(rows)) count(row)
  else for (let row = 0; row < rows.count; row++) if (rows.faceId[row] === faceId) count(row)
  return { share: basisSecs > 0 ? equalSecs / basisSecs : null, basisSecs }
}

/** One row a frame: that of the largest face. */
export function* largestFaceRows(rows: FaceRows): Generator<number> {
  const area = (row: number): number => (rows.faceBox[row * 4 + 2] || 0) * (rows.faceBox[row * 4 + 3] || 0)
  for (let first = 0; first < rows.count;) {
    let next = first + 1
    let chosen = first
    for (; next < rows.count && rows.frame[next] === rows.frame[first]; next++)
      if (area(next) > area(chosen)) chosen = next
    yield chosen
    first = next
  }
}

export interface ModalityShares {
  readonly observedSecs: number
  /** Share of the observed time in which each emotion is the label; shape [7], NaN without such time. */
  readonly shares: Float64Array
}

/**
 * How the time of one face (null: the largest of each frame) is divided among the labels of a modality. Speech here is what
 * the frames show of it; a clip's own statistics count windows.
 */
export function labelShares(
  rows: FaceRows & Pick<ClipRows, 'faceProbs' | 'fusionProbs'>,
  spans: Float64Array,
  modality: 'face' | 'fusion',
  faceId: number | null,
): ModalityShares {
  const secs = new Float64Array(EMOTION_COUNT)
  const probs = modality === 'face' ? rows.faceProbs : rows.fusionProbs
  const count = (row: number): void => {
    const label = topEmotion(probs, row * EMOTION_COUNT)
    if (label >= 0) secs[label]! += spans[row] ?? 0
  }
  if (faceId === null) for (const row of largestFaceRows(rows)) count(row)
  else for (let row = 0; row < rows.count; row++) if (rows.faceId[row] === faceId) count(row)
  const observedSecs = secs.reduce((sum, value) => sum + value, 0)
  return { observedSecs, shares: secs.map((value) => value / observedSecs) }
}

export interface Coverage {
  /** Time of the pictures by the best state among the rows of each frame. */
  readonly faceSecs: Readonly<Partial<Record<Quality, number>>>
  readonly speechSecs: number
  readonly silenceSecs: number
  readonly tooShortSecs: number
  /** Time of the pictures for which there is no sound. */
  readonly noAudioSecs: number
}

/** States from the best to the worst: a frame counts by the best of its faces. */
const BEST_FIRST: readonly Quality[] = [
  'ok',
  'edge',
  'small_face',
  'low_score',
  'no_face',
  'silence',
  'no_audio',
  'excluded',
  'not_analysed',
]
const RANKS = QUALITIES.map((quality) => BEST_FIRST.indexOf(quality))
const UNKNOWN_FLAG = 255

/** How much of a clip was seen and heard, in seconds, by reason. */
export function coverageOf(
  rows: FaceRows & Pick<ClipRows, 'speechActive'>,
  spans: Float64Array,
  speech: SpeechRows,
): Coverage {
  const faceSecs: Partial<Record<Quality, number>> = {}
  let noAudioSecs = 0
  for (let first = 0; first < rows.count;) {
    let next = first + 1
    let best = first
    for (; next < rows.count && rows.frame[next] === rows.frame[first]; next++)
      if (rank(rows, next) < rank(rows, best)) best = next
    const quality = QUALITIES[rows.quality[best] ?? 0] ?? 'ok'
    faceSecs[quality] = (faceSecs[quality] ?? 0) + (spans[best] ?? 0)
    if (rows.speechActive[first] === UNKNOWN_FLAG) noAudioSecs += rows.durSecs[first] || 0
    first = next
  }
  const secs = speechStateSecs(speech)
  return { faceSecs, noAudioSecs, speechSecs: secs[0]!, silenceSecs: secs[1]!, tooShortSecs: secs[2]! }
}

function rank(rows: Pick<ClipRows, 'quality'>, row: number): number {
  return RANKS[rows.quality[row] ?? 0] ?? BEST_FIRST.length
}

/** Seconds of each state; windows of speech overlap, so what was counted is not counted again. Shape [3]. */
function speechStateSecs({ count, startSecs, endSecs, state }: SpeechRows): Float64Array {
  const secs = new Float64Array(SPEECH_STATES.length)
  const reached = new Float64Array(SPEECH_STATES.length).fill(Number.NEGATIVE_INFINITY)
  for (let index = 0; index < count; index++) {
    const code = state[index] ?? 0
    const from = Math.max(startSecs[index] ?? 0, reached[code]!)
    secs[code]! += Math.max(0, (endSecs[index] ?? 0) - from)
    reached[code] = Math.max(reached[code]!, endSecs[index] ?? 0)
  }
  return secs
}
