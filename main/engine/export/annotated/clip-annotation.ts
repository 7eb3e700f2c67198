import type { AnnotationItem, ExclusionItem, Study, TrackItem } from '../../../../preload/contract/annotation'
import {
  EMOTION_SET,
  type LabelledStretch,
  manualStretches,
  subjectOfFace,
} from '../../../../preload/contract/tier-rules'

/** What people said of one clip, with the words they said it in. */
export interface ClipAnnotation {
  readonly study: Study
  readonly items: readonly AnnotationItem[]
}

/** What a person said of a moment. */
export interface ManualReading {
  /** Null: the proposal was rejected, nothing holds here. */
  readonly label: string | null
  readonly observer: string
}

/** The set whose labels stand in the frames table and in the final tier: the emotions, else the scheme's first set. */
export function mainSetOf({ scheme }: Study): string {
  const sets = scheme.codes.filter(({ kind }) => kind === 'state').map(({ set }) => set)
  return sets.includes(EMOTION_SET) ? EMOTION_SET : (sets[0] ?? EMOTION_SET)
}

/** Looks up what holds at a moment: names of faces, manual labels, exclusions. */
export class AnnotationIndex {
  readonly #study: Study
  readonly #tracks: readonly TrackItem[]
  readonly #exclusions: readonly ExclusionItem[]
  readonly #names: ReadonlyMap<string, string>
  /** The one subject of the clip where there is no other; then nobody has to say whose face it is. */
  readonly #soleSubject: string
  /** By subject, the observers in their order. */
  readonly #manual = new Map<string, { observer: string; stretches: readonly LabelledStretch[] }[]>()

  constructor({ study, items }: ClipAnnotation) {
    this.#study = study
    this.#tracks = items.filter((item) => item.kind === 'track')
    this.#exclusions = items.filter((item) => item.kind === 'exclusion')
    this.#names = new Map(study.subjects.map(({ id, name }) => [id, name]))
    const subjects = new Set<string>()
    for (const item of items)
      if ((item.kind === 'segment' || item.kind === 'track') && item.subjectId !== '')
        subjects.add(item.subjectId)
    const isWholeClipCoded = items.some((item) => item.kind === 'segment' && item.subjectId === '')
    this.#soleSubject = subjects.size === 1 && !isWholeClipCoded ? ([...subjects][0] ?? '') : ''
    const set = mainSetOf(study)
    for (const subjectId of [...subjects, ''])
      this.#manual.set(
        subjectId,
        study.observers.map(({ id, name }) => ({
          observer: name,
          stretches: manualStretches(items, study, { observerId: id, subjectId, set }),
        })),
      )
  }

  /** @param faceId -1: no face @param faceCount faces in the frame @returns id of the subject, '' for nobody */
  subjectAt(faceId: number, faceCount: number, atSecs: number): string {
    const named = faceId < 0 ? '' : subjectOfFace(this.#tracks, faceId, atSecs)
    return named === '' && faceCount <= 1 ? this.#soleSubject : named
  }

  subjectName(subjectId: string): string {
    return this.#names.get(subjectId) ?? ''
  }

  /**
   * The manual reading of a subject, or of the clip as a whole where nobody coded the subject. Of several observers the first
   * of the study counts.
   */
  manualAt(subjectId: string, atSecs: number): ManualReading | null {
    const own = subjectId === '' ? null : this.#readingAt(subjectId, atSecs)
    return own ?? this.#readingAt('', atSecs)
  }

  isExcluded(atSecs: number): boolean {
    return this.#exclusions.some(({ startSecs, endSecs }) => startSecs <= atSecs && atSecs < endSecs)
  }

  get study(): Study {
    return this.#study
  }

  #readingAt(subjectId: string, atSecs: number): ManualReading | null {
    for (const { observer, stretches } of this.#manual.get(subjectId) ?? []) {
      const stretch = stretchAt(stretches, atSecs)
      if (stretch) return { label: stretch.label, observer }
    }
    return null
  }
}

/** Times in tables have six decimals: a frame at the very edge of a stretch is inside. */
const TOLERANCE_SECS = 1e-6

/** @param stretches by start, without overlaps */
function stretchAt(stretches: readonly LabelledStretch[], atSecs: number): LabelledStretch | null {
  let low = 0
  let high = stretches.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((stretches[middle]?.startSecs ?? 0) <= atSecs + TOLERANCE_SECS) low = middle + 1
    else high = middle
  }
  const found = stretches[low - 1]
  return found && atSecs < found.endSecs - TOLERANCE_SECS ? found : null
}
