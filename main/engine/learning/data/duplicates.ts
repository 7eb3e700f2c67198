import { createHash } from 'node:crypto'
import { type FaceSet, selectFaces } from './face-set'
import { PictureHash, correlation } from './picture-hash'

/** Items with the same contents, by their places; the first one comes first. */
export type DuplicateGroup = readonly number[]

/** Groups of equal keys with more than one item, in the order of their first items. */
export function groupEqual(keys: readonly string[]): DuplicateGroup[] {
  const groups = new Map<string, number[]>()
  keys.forEach((key, item) => {
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  })
  return [...groups.values()].filter(({ length }) => length > 1)
}

/** Faces whose pixels are the same, byte for byte. */
export function duplicateFaces(set: FaceSet): DuplicateGroup[] {
  return groupEqual(pixelKeys(set))
}

/** Two pictures of different splits that look like one photograph, cut or stored differently. */
export interface NearDuplicate {
  readonly first: number
  readonly second: number
  /** Correlation of their pixels, up to 1. */
  readonly correlation: number
}

/**
 * Of 64 bits. Two hashes within 7 agree in at least one of their 8 bytes, by which candidates are found; 6 leaves out pairs
 * that share the light but not the photograph.
 */
const FARTHEST_HASH = 6
/** On FER2013, of 32 pairs looked at between 0.90 and 0.98 all but one (at 0.90) were one photograph. */
const LEAST_CORRELATION = 0.93

/**
 * Pairs across splits that look alike and are not the same pixels: difference hashes within 6 of 64 bits, then a correlation
 * of pixels of at least 0.93. A suspicion, not a proof; photographs cut very differently are not found.
 */
export function nearDuplicateFaces(set: FaceSet): NearDuplicate[] {
  const hashes = pictureHashes(set)
  const keys = pixelKeys(set)
  const found: NearDuplicate[] = []
  // Only pairs across splits matter: within a large training part there are a hundred times as many.
  const bucketsOf = new Map<string, Map<number, number[]>>()
  for (let item = 0; item < set.count; item++) {
    const hash = hashes[item]!
    const split = set.splits[item]!
    const bands = hash.bands()
    const seen = new Set<number>()
    for (const [otherSplit, buckets] of bucketsOf) {
      if (otherSplit === split) continue
      for (const band of bands)
        for (const other of buckets.get(band) ?? []) {
          if (hash.distance(hashes[other]!) > FARTHEST_HASH) continue
          if (seen.has(other) || keys[other] === keys[item]) continue
          seen.add(other)
          const likeness = correlation(faceOf(set, other), faceOf(set, item))
          if (likeness >= LEAST_CORRELATION) found.push({ first: other, second: item, correlation: likeness })
        }
    }
    const own = bucketsOf.get(split) ?? new Map<number, number[]>()
    bucketsOf.set(split, own)
    for (const band of bands) {
      const bucket = own.get(band)
      if (bucket) bucket.push(item)
      else own.set(band, [item])
    }
  }
  return found.sort((a, b) => a.first - b.first || a.second - b.second)
}

/**
 * Items of a test set whose picture a training set holds too.
 * @param isNearToo also those that only look alike (`nearDuplicateFaces`)
 */
export function sharedFaces(test: FaceSet, training: FaceSet, isNearToo = false): number[] {
  const known = new Set(pixelKeys(training))
  const shared = new Set(pixelKeys(test).flatMap((key, item) => (known.has(key) ? [item] : [])))
  if (isNearToo)
    for (const { first } of nearDuplicateFaces(joined(test, training)))
      if (first < test.count) shared.add(first)
  return [...shared].sort((a, b) => a - b)
}

/** A test set without the pictures that a training set holds too, so that figures can be given with and without them. */
export function withoutDuplicates(test: FaceSet, training: FaceSet, isNearToo = false): FaceSet {
  const shared = new Set(sharedFaces(test, training, isNearToo))
  return selectFaces(
    test,
    Array.from({ length: test.count }, (_, item) => item).filter((item) => !shared.has(item)),
  )
}

/** Test items first; the splits only say which side a picture is of. */
function joined(test: FaceSet, training: FaceSet): FaceSet {
  const pixels = new Uint8Array(test.pixels.length + training.pixels.length)
  pixels.set(test.pixels)
  pixels.set(training.pixels, test.pixels.length)
  const count = test.count + training.count
  return {
    count,
    sidePx: test.sidePx,
    pixels,
    labels: Int32Array.from([...test.labels, ...training.labels]),
    votes: null,
    refusals: null,
    splits: Array.from({ length: count }, (_, item) => (item < test.count ? 'test' : 'training')),
    ids: [...test.ids, ...training.ids],
    speakers: null,
  }
}

function faceOf(set: FaceSet, item: number): Uint8Array {
  const perFace = set.sidePx * set.sidePx
  return set.pixels.subarray(item * perFace, (item + 1) * perFace)
}

function pixelKeys(set: FaceSet): string[] {
  return Array.from({ length: set.count }, (_, item) =>
    createHash('sha1').update(faceOf(set, item)).digest('base64'),
  )
}

function pictureHashes(set: FaceSet): PictureHash[] {
  return Array.from({ length: set.count }, (_, item) => PictureHash.of(faceOf(set, item), set.sidePx))
}
