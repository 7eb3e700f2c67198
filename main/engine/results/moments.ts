import { EMOTION_COUNT } from '../emotions'
import type { ClipRows } from './clip-rows'

export interface MomentRules {
  /** A final reading whose highest probability is lower than this is worth a look. */
  readonly lowConfidence: number
  /** Shorter stretches are left out. */
  readonly minimumSecs: number
  /** Stretches of one kind and face with no more than this between them are one. */
  readonly joinGapSecs: number
}

export const DEFAULT_MOMENT_RULES: MomentRules = { lowConfidence: 0.4, minimumSecs: 0.5, joinGapSecs: 0.5 }

/** A stretch of a clip that is worth a look. */
export interface Moment {
  readonly kind: 'disagreement' | 'low-confidence'
  /** -1: rows without a face. */
  readonly faceId: number
  /** Half-open. */
  readonly startSecs: number
  readonly endSecs: number
  /** Of the lowest confidence; where face and speech disagree, of the highest value of the less sure of the two. */
  readonly atSecs: number
  readonly atFrame: number
  /** That confidence. */
  readonly value: number
  /** Emotions there, -1: none. */
  readonly faceEmotion: number
  readonly speechEmotion: number
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }
type Open = Mutable<Moment>

/** Timestamps of six decimals differ by this much where they are the same. */
const SAME_SECS = 2e-6

/**
 * The jump list of a clip: stretches of low confidence and of disagreement between face and voice, per face, by start, then
 * disagreement first, then face.
 */
export function findMoments(rows: ClipRows, rules: Partial<MomentRules> = {}): Moment[] {
  const { lowConfidence, minimumSecs, joinGapSecs } = { ...DEFAULT_MOMENT_RULES, ...rules }
  const unsure = new Stretches(rows, 'low-confidence', { minimumSecs, joinGapSecs })
  const disagreeing = new Stretches(rows, 'disagreement', { minimumSecs, joinGapSecs })
  for (let row = 0; row < rows.count; row++) {
    if (rows.excluded[row] === 1) continue
    if (rows.disagree[row] === 1) {
      const face = labelled(rows.faceProbs, rows.faceLabel, row)
      disagreeing.add(row, Math.min(face, labelled(rows.speechProbs, rows.speechLabel, row)))
    }
    const confidence = finalConfidence(rows, row)
    if (confidence < lowConfidence) unsure.add(row, confidence)
  }
  return [...disagreeing.finish(), ...unsure.finish()].sort(
    (a, b) => a.startSecs - b.startSecs || a.kind.localeCompare(b.kind) || a.faceId - b.faceId,
  )
}

/** Gathers rows of one kind into stretches, face by face. */
class Stretches {
  readonly #rows: ClipRows
  readonly #kind: Moment['kind']
  readonly #rules: Pick<MomentRules, 'minimumSecs' | 'joinGapSecs'>
  readonly #open = new Map<number, Open>()
  readonly #found: Moment[] = []

  constructor(rows: ClipRows, kind: Moment['kind'], rules: Pick<MomentRules, 'minimumSecs' | 'joinGapSecs'>) {
    this.#rows = rows
    this.#kind = kind
    this.#rules = rules
  }

  /** @param row later than those before it */
  add(row: number, value: number): void {
    const faceId = this.#rows.faceId[row] ?? -1
    const startSecs = this.#rows.timeSecs[row] ?? 0
    const endSecs = startSecs + (this.#rows.durSecs[row] || 0)
    const last = this.#open.get(faceId)
    if (last && startSecs - last.endSecs <= this.#rules.joinGapSecs + SAME_SECS) {
      last.endSecs = endSecs
      const isTelling = this.#kind === 'disagreement' ? value > last.value : value < last.value
      if (isTelling) Object.assign(last, this.#at(row, value))
      return
    }
    if (last) this.#close(last)
    this.#open.set(faceId, { kind: this.#kind, faceId, startSecs, endSecs, ...this.#at(row, value) })
  }

  finish(): Moment[] {
    for (const moment of this.#open.values()) this.#close(moment)
    return this.#found
  }

  #at(row: number, value: number) {
    const { timeSecs, frame, faceLabel, speechLabel } = this.#rows
    return {
      atSecs: timeSecs[row] ?? 0,
      atFrame: frame[row] ?? -1,
      value,
      faceEmotion: faceLabel[row] ?? -1,
      speechEmotion: speechLabel[row] ?? -1,
    }
  }

  #close(moment: Open): void {
    if (moment.endSecs - moment.startSecs >= this.#rules.minimumSecs - SAME_SECS) this.#found.push(moment)
  }
}

/** Probability of the label to use; NaN where there is none, or a person gave it. */
export function finalConfidence(rows: ClipRows, row: number): number {
  switch (rows.finalSource[row]) {
    case 1:
      return labelled(rows.faceProbs, rows.faceLabel, row)
    case 2:
      return labelled(rows.speechProbs, rows.speechLabel, row)
    case 3:
      return labelled(rows.fusionProbs, rows.fusionLabel, row)
    default:
      return Number.NaN
  }
}

/** The probability of a row's label, which is the highest of the seven; NaN without one. */
function labelled(probs: Float32Array, labels: Int8Array, row: number): number {
  const label = labels[row] ?? -1
  return label < 0 ? Number.NaN : (probs[row * EMOTION_COUNT + label] ?? Number.NaN)
}
