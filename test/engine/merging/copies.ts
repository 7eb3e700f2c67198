import type { AnnotationItem, SegmentItem } from '../../../preload/contract/annotation'
import { clashesAmong } from '../../../main/engine/merging/clashes'
import { tickClock } from '../../../main/engine/annotation/clocks'
import type { ItemVersion } from '../../../main/engine/merging/versions'
import { sampleStudy } from '../../support/study'

/** Copies of a clip's annotations as people make them: nothing in them overlaps within a tier. */

export const { scheme } = sampleStudy()
const OBSERVERS = ['ann', 'bob']
const CODES = scheme.codes.map(({ id }) => id)

export class Copy {
  readonly replica: string
  readonly versions: Map<string, ItemVersion>
  readonly #random: () => number
  #made = 0

  constructor(replica: string, random: () => number, versions: Iterable<[string, ItemVersion]> = []) {
    this.replica = replica
    this.#random = random
    this.versions = new Map(versions)
  }

  /** A copy of the folder, worked on elsewhere. */
  fork(replica: string): Copy {
    return new Copy(replica, this.#random, this.versions)
  }

  get items(): AnnotationItem[] {
    return [...this.versions.values()].flatMap(({ item }) => item ?? [])
  }

  put(item: AnnotationItem): void {
    const clock = tickClock(this.versions.get(item.id)?.clock ?? {}, this.replica)
    this.versions.set(item.id, { item, clock })
  }

  remove(id: string): void {
    const clock = tickClock(this.versions.get(id)?.clock ?? {}, this.replica)
    this.versions.set(id, { item: null, clock })
  }

  /** Some edits at random; those that would overlap are not made. */
  work(edits: number): void {
    for (let edit = 0; edit < edits; edit++) this.#edit()
  }

  #edit(): void {
    const segments = this.items.filter((item): item is SegmentItem => item.kind === 'segment')
    const known = segments[Math.floor(this.#random() * segments.length)]
    const kind = this.#random()
    if (!known || kind < 0.35) return this.#tryPut(this.#newItem())
    if (kind < 0.5) return this.remove(known.id)
    if (kind < 0.65) return this.#tryPut({ ...known, codeId: this.#pick(CODES) })
    if (kind < 0.75) return this.#tryPut({ ...known, comment: `remark ${this.#random()}` })
    const startSecs = Math.max(0, known.startSecs + Math.round((this.#random() - 0.5) * 6))
    const endSecs = Math.max(startSecs + 1, known.endSecs + Math.round((this.#random() - 0.5) * 6))
    this.#tryPut({ ...known, startSecs, endSecs })
  }

  #newItem(): AnnotationItem {
    const id = `${this.replica}-${++this.#made}-${Math.floor(this.#random() * 1e9)}`
    const base = {
      id,
      observerId: this.#pick(OBSERVERS),
      editedAt: `2026-03-0${1 + (this.#made % 9)}T00:00:00Z`,
    }
    const startSecs = Math.floor(this.#random() * 200)
    const kind = this.#random()
    if (kind < 0.08) return { ...base, kind: 'comment', atSecs: startSecs, text: id }
    if (kind < 0.12) return { ...base, kind: 'variable', variableId: 'v', value: this.#pick(['a', 'b']) }
    if (kind < 0.18)
      return {
        ...base,
        kind: 'track',
        faceId: Math.floor(this.#random() * 4),
        startSecs: null,
        endSecs: null,
        subjectId: this.#pick(['s1', 's2']),
      }
    if (kind < 0.24)
      return {
        ...base,
        kind: 'rating',
        subjectId: '',
        dimensionId: 'valence',
        timesSecs: [startSecs, startSecs + 1],
        values: [0, this.#random()],
        reactionTimeSecs: 0,
        endSecs: startSecs + 4,
        comment: '',
      }
    return {
      ...base,
      kind: 'segment',
      subjectId: '',
      codeId: this.#pick(CODES),
      startSecs,
      endSecs: startSecs + 1 + Math.floor(this.#random() * 12),
      status: 'added',
      orig: null,
      confidence: null,
      comment: '',
    }
  }

  #tryPut(item: AnnotationItem): void {
    const after = [...this.items.filter(({ id }) => id !== item.id), item]
    if (overlaps(after) === 0) this.put(item)
  }

  #pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)]!
  }
}

/** Pairs of items that cannot stand together. */
export function overlaps(items: readonly AnnotationItem[]): number {
  const claimants = items.map((item) => ({ id: item.id, side: 'here', item }))
  return clashesAmong(claimants, scheme).length
}
