import { describe, expect, it } from 'vitest'
import type { AnnotationChange, AnnotationItem, CommentItem } from '../../../preload/contract/annotation'
import { applyChanges, type ItemMap, itemMap } from '../../../renderer/annotate/item-document'
import { ItemVersion } from '../../../renderer/annotate/item-versions'
import { changeOthers, otherItems } from '../../../renderer/annotate/other-items'
import { seededRandom } from '../../support/mutate'
import { segmentItem } from '../../support/study'

const comment = (id: string, text: string): CommentItem => ({
  id,
  kind: 'comment',
  observerId: 'o',
  editedAt: '',
  atSecs: null,
  text,
})

const segmentAt = (id: string, startSecs: number, endSecs: number) =>
  segmentItem('joy', startSecs, endSecs, { id })

const textOf = (items: Iterable<[string, AnnotationItem]>) =>
  JSON.stringify([...items].sort(([a], [b]) => (a < b ? -1 : 1)))

describe('versions of a clip’s items', () => {
  it('stay what they were, whatever edits follow and in whatever order they are read', () => {
    const random = seededRandom(11)
    const pick = (count: number) => Math.floor(random() * count)
    for (let round = 0; round < 40; round++) {
      const first = Array.from({ length: pick(12) }, (_, at) => segmentAt(`s${at}`, at, at + 1))
      const versions: { readonly version: ItemMap; readonly expected: Map<string, AnnotationItem> }[] = [
        { version: itemMap(first), expected: new Map(first.map((item) => [item.id, item])) },
      ]
      for (let edit = 0; edit < 40; edit++) {
        // Mostly the newest, at times an older one, as undo of a clip that was read anew.
        const from = versions[random() < 0.8 ? versions.length - 1 : pick(versions.length)]!
        const changes = Array.from({ length: 1 + pick(4) }, (): AnnotationChange => {
          const id = `${random() < 0.7 ? 's' : 'c'}${pick(15)}`
          if (random() < 0.3) return { remove: id }
          return { put: id.startsWith('s') ? segmentAt(id, edit, edit + 1) : comment(id, String(edit)) }
        })
        const expected = new Map(from.expected)
        for (const change of changes) {
          if ('put' in change) expected.set(change.put.id, change.put)
          else expected.delete(change.remove)
        }
        versions.push({ version: applyChanges(from.version, changes), expected })
        const looked = versions[pick(versions.length)]!
        const id = `s${pick(15)}`
        expect(looked.version.get(id)).toBe(looked.expected.get(id))
        expect(looked.version.has(id)).toBe(looked.expected.has(id))
        expect(looked.version.size).toBe(looked.expected.size)
        if (random() < 0.1) expect(textOf(looked.version)).toBe(textOf(looked.expected))
      }
      for (const { version, expected } of versions) expect(textOf(version)).toBe(textOf(expected))
    }
  })

  it('keep the order of a map, and hand over the items instead of copying them', () => {
    const first = itemMap([segmentAt('a', 0, 1), segmentAt('b', 1, 2), segmentAt('c', 2, 3)])
    const next = applyChanges(first, [{ remove: 'a' }, { put: segmentAt('d', 3, 4) }])
    expect([...next.keys()]).toEqual(['b', 'c', 'd'])
    expect(next).toBeInstanceOf(ItemVersion)
    expect(next.get('b')).toBe(first.get('b'))
    expect([...first.keys()].sort()).toEqual(['a', 'b', 'c'])
    let seen = 0
    first.forEach((item, id, all) => {
      expect([item.id, all]).toEqual([id, first])
      seen++
    })
    expect(seen).toBe(3)
  })
})

describe('everything but segments', () => {
  it('follows edits as if it were read anew, and is the same list after edits of segments', () => {
    const random = seededRandom(5)
    let items = itemMap([segmentAt('s0', 0, 1), comment('c0', 'first')])
    let others: ReturnType<typeof changeOthers> = otherItems(items)
    for (let edit = 0; edit < 300; edit++) {
      const at = Math.floor(random() * 8)
      const isSegment = random() < 0.5
      const id = `${isSegment ? 's' : 'c'}${at}`
      const change: AnnotationChange =
        random() < 0.3
          ? { remove: id }
          : { put: isSegment ? segmentAt(id, edit, edit + 1) : comment(id, String(edit)) }
      const before = others
      others = changeOthers(others, items, [change])
      items = applyChanges(items, [change])
      expect(new Set(others)).toEqual(new Set(otherItems(items)))
      if (isSegment) expect(others).toBe(before)
    }
  })
})
