import { createHash } from 'node:crypto'
import { EMOTIONS } from '../../emotions'
import { checkItems, laterSplit } from './check-items'
import type { CheckedItem, Finding } from './data-report'
import { nearDuplicateFaces } from './duplicates'
import type { FaceSet } from './face-set'

export const OTHER_CLASS = 'other'

export interface CheckedFaces {
  readonly items: readonly CheckedItem[]
  readonly findings: readonly Finding[]
}

export function checkFaces(set: FaceSet): CheckedFaces {
  const perFace = set.sidePx * set.sidePx
  const blank: string[] = []
  const items = set.ids.map((id, item): CheckedItem => {
    const pixels = set.pixels.subarray(item * perFace, (item + 1) * perFace)
    if (pixels.every((value) => value === pixels[0])) blank.push(id)
    return {
      id,
      label: EMOTIONS[set.labels[item]!] ?? OTHER_CLASS,
      split: set.splits[item]!,
      speaker: set.speakers?.[item] ?? '',
      contents: createHash('sha1').update(pixels).digest('base64'),
    }
  })
  const findings = checkItems(items, EMOTIONS)
  if (blank.length > 0)
    findings.push({
      kind: 'blank',
      severity: 'warning',
      message: `${blank.length} ${blank.length === 1 ? 'picture is' : 'pictures are'} of one grey all over`,
      ids: blank,
    })
  return { items, findings: [...findings, ...nearDuplicates(set)] }
}

function nearDuplicates(set: FaceSet): Finding[] {
  const pairs = nearDuplicateFaces(set)
  if (pairs.length === 0) return []
  const ids = new Set(
    pairs.map(({ first, second }) => {
      const later = laterSplit(set.splits[first]!, set.splits[second]!)
      return set.ids[set.splits[first] === later ? first : second]!
    }),
  )
  return [
    {
      kind: 'near-duplicates',
      severity: 'warning',
      message: `${ids.size} ${ids.size === 1 ? 'looks' : 'look'} like a picture of another split, cut or stored differently (a suspicion: hash and correlation)`,
      ids: [...ids],
    },
  ]
}
