/** Votes stand in eight columns: the seven canonical emotions, then contempt. */
export const FACE_VOTE_LABELS = [
  'neutral',
  'happiness',
  'sadness',
  'anger',
  'fear',
  'disgust',
  'surprise',
  'contempt',
] as const

export const FACE_VOTE_COUNT = FACE_VOTE_LABELS.length

/** Labelled face pictures in memory: 32,000 of 48 x 48 take 74 MB. */
export interface FaceSet {
  readonly count: number
  readonly sidePx: number
  /** Grey 0..255, shape [count, sidePx, sidePx]. */
  readonly pixels: Uint8Array
  /** Canonical emotion 0..6, or -1 where the picture has none of the seven; shape [count]. */
  readonly labels: Int32Array
  /** Raters' votes, shape [count, 8] in the order of FACE_VOTE_LABELS; null where the data set has none. */
  readonly votes: Float32Array | null
  /** Votes for "unknown" and for "no face", shape [count, 2]; null where the data set has none. */
  readonly refusals: Float32Array | null
  /** Part of the data set, as the data set names it ("Training", "train" ...); "" where it names none. */
  readonly splits: readonly string[]
  /** What a person finds the picture by: "fer2013:17" (row from 0) or the path relative to the folder or manifest. */
  readonly ids: readonly string[]
  /** Who is in the picture, "" where unknown; null where the data set does not say at all. */
  readonly speakers: readonly string[] | null
}

/** A copy of the chosen items, in the order given. */
export function selectFaces(set: FaceSet, items: readonly number[]): FaceSet {
  const { sidePx } = set
  const perFace = sidePx * sidePx
  const pixels = new Uint8Array(items.length * perFace)
  items.forEach((item, to) =>
    pixels.set(set.pixels.subarray(item * perFace, (item + 1) * perFace), to * perFace),
  )
  return {
    count: items.length,
    sidePx,
    pixels,
    labels: Int32Array.from(items, (item) => at(set.labels, item)),
    votes: set.votes && selectRows(set.votes, FACE_VOTE_COUNT, items),
    refusals: set.refusals && selectRows(set.refusals, 2, items),
    splits: items.map((item) => at(set.splits, item)),
    ids: items.map((item) => at(set.ids, item)),
    speakers: set.speakers && selectStrings(set.speakers, items),
  }
}

/** The items of one split; splits are compared as the data set spells them. */
export function facesOfSplit(set: FaceSet, split: string): FaceSet {
  return selectFaces(
    set,
    set.splits.flatMap((name, item) => (name === split ? [item] : [])),
  )
}

function selectRows(values: Float32Array, columns: number, items: readonly number[]): Float32Array {
  const result = new Float32Array(items.length * columns)
  items.forEach((item, to) => result.set(values.subarray(item * columns, (item + 1) * columns), to * columns))
  return result
}

function selectStrings(values: readonly string[], items: readonly number[]): string[] {
  return items.map((item) => at(values, item))
}

function at<T>(values: ArrayLike<T>, item: number): T {
  const value = values[item]
  if (value === undefined) throw new RangeError(`item ${item} of ${values.length}`)
  return value
}
