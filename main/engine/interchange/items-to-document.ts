import type { AnnotationItem, Code, SegmentItem, Study } from '../../../preload/contract/annotation'
import { manualTierName } from '../../../preload/contract/tier-rules'
import {
  emptyAnnotation,
  type InterchangeAnnotation,
  type InterchangeDocument,
  type InterchangeMedia,
  type InterchangeTier,
  sortAnnotations,
} from './document'
import { uniquelyNamed } from './segments-table'

export interface ClipToExport {
  readonly clipId: string
  readonly media: InterchangeMedia
  readonly items: readonly AnnotationItem[]
}

interface OpenTier {
  readonly code: Pick<Code, 'kind' | 'set'>
  readonly observer: string
  readonly subject: string
  readonly annotations: InterchangeAnnotation[]
}

/**
 * A clip's segments as a document: a tier for each subject, observer and set, in the order of the study's lists.
 * @param observerIds whose; null: everybody's
 */
export function documentOfItems(
  { clipId, media, items }: ClipToExport,
  study: Study,
  observerIds: ReadonlySet<string> | null = null,
): InterchangeDocument {
  const codes = new Map(study.scheme.codes.map((code) => [code.id, code]))
  const observers = new Map(study.observers.map(({ id, name }) => [id, name]))
  const subjects = new Map(study.subjects.map(({ id, name }) => [id, name]))
  const observerOrder = [...observers.keys()]
  const subjectOrder = ['', ...subjects.keys()]
  const segments = items
    .filter((item): item is SegmentItem => item.kind === 'segment')
    .filter(({ observerId }) => observerIds === null || observerIds.has(observerId))
    .sort(
      (a, b) =>
        observerOrder.indexOf(a.observerId) - observerOrder.indexOf(b.observerId) ||
        subjectOrder.indexOf(a.subjectId) - subjectOrder.indexOf(b.subjectId),
    )
  const tiers = new Map<string, OpenTier>()
  for (const item of segments) {
    // A code that is gone leaves its id as the label: nothing of what was coded is lost.
    const code = codes.get(item.codeId) ?? { kind: 'state' as const, set: '', name: item.codeId }
    const set = code.kind === 'point' ? '' : code.set
    const key = JSON.stringify([item.observerId, item.subjectId, code.kind, set])
    const tier = tiers.get(key) ?? {
      code: { kind: code.kind, set },
      observer: observers.get(item.observerId) ?? item.observerId,
      subject: item.subjectId === '' ? '' : (subjects.get(item.subjectId) ?? item.subjectId),
      annotations: [],
    }
    tiers.set(key, tier)
    tier.annotations.push(annotationOf(item, code.name))
  }
  return {
    title: clipId,
    durationSecs: media.durationSecs,
    media: [media],
    codes: study.scheme.codes.map(({ id: _, ...code }) => code),
    variables: variablesOf(items, study),
    tiers: uniquelyNamed([...tiers.values()].map(tierOf)),
    notices: [],
  }
}

function tierOf({ code, observer, subject, annotations }: OpenTier): InterchangeTier {
  return {
    name: manualTierName(subject, observer, code),
    subject,
    observer,
    set: code.set,
    kind: code.kind === 'point' ? 'points' : 'states',
    source: 'human',
    annotations: sortAnnotations(annotations),
  }
}

function annotationOf(item: SegmentItem, label: string): InterchangeAnnotation {
  const { id, startSecs, endSecs, comment, confidence, status, orig, editedAt } = item
  return emptyAnnotation(startSecs, endSecs, label, { id, comment, confidence, status, orig, editedAt })
}

function variablesOf(items: readonly AnnotationItem[], study: Study): InterchangeDocument['variables'] {
  const values = new Map(
    items.flatMap((item) => (item.kind === 'variable' ? [[item.variableId, item.value] as const] : [])),
  )
  return study.variables
    .filter(({ scope }) => scope === 'clip')
    .map(({ id, name, kind, choices, description }) => ({
      name,
      kind,
      choices,
      description,
      value: values.get(id) ?? '',
    }))
}
