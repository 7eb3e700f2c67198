import { describe, expect, it } from 'vitest'
import type { AnnotationItem, SegmentItem, Study } from '../../../preload/contract/annotation'
import type { ImportChoices } from '../../../preload/contract/interchange'
import { AnnotationDocument } from '../../../main/engine/annotation/document'
import { checkEdit } from '../../../main/engine/annotation/check-edit'
import { emptyAnnotation, type InterchangeDocument } from '../../../main/engine/interchange/document'
import { guessCode, guessTier } from '../../../main/engine/interchange/guess-mapping'
import { documentOfItems } from '../../../main/engine/interchange/items-to-document'
import { planImport } from '../../../main/engine/interchange/plan-import'
import { readInterchange } from '../../../main/engine/interchange/read-file'
import { writeBoris } from '../../../main/engine/interchange/boris-write'
import { writeEaf } from '../../../main/engine/interchange/eaf-write'
import { writeSegmentsTable } from '../../../main/engine/interchange/segments-table'
import { writeTextGrid } from '../../../main/engine/interchange/textgrid-write'

const EMOTION_CODES = ['neutral', 'happiness', 'sadness', 'anger'].map((name, index) => ({
  id: `code-${name}`,
  kind: 'state' as const,
  set: 'emotion',
  name,
  key: String(index + 1),
  colour: '#123456',
  description: '',
}))

const study: Study = {
  scheme: {
    name: 'test',
    isLocked: false,
    codes: [
      ...EMOTION_CODES,
      {
        id: 'code-blink',
        kind: 'point',
        set: '',
        name: 'blink',
        key: 'B',
        colour: '#654321',
        description: '',
      },
    ],
    dimensions: [],
  },
  observers: [
    { id: 'obs-a', name: 'Anna', isBlind: false },
    { id: 'obs-b', name: 'Ben', isBlind: false },
  ],
  subjects: [{ id: 'sub-1', name: 'P01', description: '', variables: {} }],
  variables: [{ id: 'var-1', name: 'condition', scope: 'clip', kind: 'text', choices: [], description: '' }],
}

/** 29.97 frames a second: no frame lies on a whole microsecond. */
const frames = Float64Array.from({ length: 600 }, (_, frame) => (frame * 1001) / 30_000)

function segment(id: string, from: number, to: number, more: Partial<SegmentItem> = {}): SegmentItem {
  return {
    kind: 'segment',
    id,
    observerId: 'obs-a',
    subjectId: 'sub-1',
    codeId: 'code-anger',
    startSecs: frames[from] ?? 0,
    endSecs: frames[to] ?? 0,
    status: 'added',
    orig: null,
    confidence: null,
    comment: '',
    editedAt: '2026-11-23T03:00:00.000Z',
    ...more,
  }
}

const items: AnnotationItem[] = [
  segment('s1', 10, 40),
  segment('s2', 40, 77, { codeId: 'code-happiness', confidence: 0.25, comment: 'smile, "broad"\nthen gone' }),
  segment('s3', 90, 120, {
    status: 'edited',
    orig: { segmentId: '17', tier: 'face_1/face', label: 'neutral', startSecs: 3.01, endSecs: 4.02 },
  }),
  segment('s4', 130, 160, {
    status: 'rejected',
    orig: { segmentId: '18', tier: 'face_1/face', label: 'anger', startSecs: 4.1, endSecs: 5 },
  }),
  segment('p1', 50, 50, { codeId: 'code-blink' }),
  segment('t1', 20, 60, { observerId: 'obs-b', subjectId: '', codeId: 'code-sadness' }),
  { kind: 'variable', id: 'v1', observerId: 'obs-a', editedAt: '', variableId: 'var-1', value: 'warm' },
]

const clip = {
  clipId: 'clip',
  media: {
    path: '/v/clip.mp4',
    offsetSecs: 0,
    durationSecs: 20.02,
    fps: 29.97,
    hasVideo: true,
    hasAudio: true,
  },
  items,
}

function choicesFor(
  documents: readonly InterchangeDocument[],
  conflicts: ImportChoices['conflicts'] = 'skip',
): ImportChoices {
  return {
    recordings: documents.map(({ tiers }) => ({
      clipToken: 'T',
      offsetSecs: 0,
      tiers: tiers.map((tier) => guessTier(tier, study, null)),
    })),
    labels: documents.flatMap(({ tiers }) =>
      tiers.flatMap(({ kind, annotations }) =>
        annotations.map(({ label }) => {
          const codeKind = kind === 'points' ? ('point' as const) : ('state' as const)
          return { label, kind: codeKind, code: guessCode(label, codeKind, study) }
        }),
      ),
    ),
    conflicts,
  }
}

function plan(
  documents: readonly InterchangeDocument[],
  options: {
    readonly choices?: ImportChoices
    readonly existing?: readonly AnnotationItem[]
    readonly in?: Study
    readonly frames?: ArrayLike<number> | null
  } = {},
) {
  const planned = planImport({
    documents,
    choices: options.choices ?? choicesFor(documents),
    study: options.in ?? study,
    observerId: 'obs-a',
    now: '2026-12-01T00:00:00.000Z',
    clipOf: () => ({
      items: options.existing ?? [],
      durationSecs: 20.02,
      frameTimesSecs: options.frames === undefined ? frames : options.frames,
    }),
  })
  const changes = planned.clips[0]?.edit?.changes ?? []
  const puts = changes.flatMap((change) => ('put' in change ? [change.put] : []))
  const segments = puts.filter((item): item is SegmentItem => item.kind === 'segment')
  return { planned, clip: planned.clips[0], changes, puts, segments }
}

const one = (
  annotations: InterchangeDocument['tiers'][number]['annotations'],
  more = {},
): InterchangeDocument => ({
  title: 'clip',
  durationSecs: null,
  media: [],
  codes: [],
  variables: [],
  notices: [],
  tiers: [
    {
      name: 'P01/manual/Anna',
      subject: 'P01',
      observer: 'Anna',
      set: 'emotion',
      kind: 'states',
      source: 'human',
      annotations,
      ...more,
    },
  ],
})

describe('items that leave in a file', () => {
  const document = documentOfItems(clip, study)
  const author = { author: 'a', date: '2026-01-01T00:00:00Z' }
  const files: Record<string, string> = {
    'segments.csv': [...writeSegmentsTable([document])].join(''),
    EAF: [...writeEaf(document, author)].join(''),
    TextGrid: [...writeTextGrid(document, { isForReimport: true })].join(''),
    BORIS: writeBoris([document], { projectName: 'p', date: author.date }),
  }

  it.each(Object.entries(files))('come back as they were from %s, on their frames', (name, text) => {
    const { documents } = readInterchange(Buffer.from(text), 'clip', { closesUnpaired: false })
    const { segments, planned, clip: done } = plan(documents)
    const byId = (list: readonly SegmentItem[]): SegmentItem[] =>
      [...list].sort((a, b) => (a.id < b.id ? -1 : 1))
    expect(byId(segments)).toEqual(byId(items.filter((item): item is SegmentItem => item.kind === 'segment')))
    expect(done?.offFrameCount).toBe(0)
    expect(planned.study).toBeNull()
    if (name !== 'segments.csv')
      expect(plan(documents).puts.find(({ kind }) => kind === 'variable')).toMatchObject({ value: 'warm' })
  })

  it('change nothing where they still are', () => {
    for (const text of Object.values(files)) {
      const { documents } = readInterchange(Buffer.from(text), 'clip', { closesUnpaired: false })
      const { clip: done } = plan(documents, { existing: items })
      expect(done).toMatchObject({ edit: null, addedCount: 0, sameCount: 6, conflictCount: 0 })
    }
  })

  it('are of the observers that were asked for', () => {
    expect(documentOfItems(clip, study, new Set(['obs-b'])).tiers.map(({ name }) => name)).toEqual([
      'clip/manual/Ben',
    ])
  })
})

describe('guesses', () => {
  it('know other spellings of emotions, and codes in other cases', () => {
    expect(guessCode('Happy', 'state', study)).toBe('happiness')
    expect(guessCode(' ANGER ', 'state', study)).toBe('anger')
    expect(guessCode('joy', 'state', study)).toBe('happiness')
    expect(guessCode('gaze left', 'state', study)).toBe('gaze left')
    expect(guessCode('blink', 'state', study)).toBe('blink (state)')
  })

  it('read our tier names, and leave models, numbers and transcripts out', () => {
    const tier = one([emptyAnnotation(0, 1, 'angry')]).tiers[0]
    if (!tier) throw new Error('no tier')
    expect(
      guessTier({ ...tier, name: 'clip/manual/ben', subject: '', observer: '', set: '' }, study, null),
    ).toEqual({
      observer: 'Ben',
      subject: '',
      set: 'emotion',
    })
    expect(guessTier(tier, study, 'Ben').observer).toBe('Ben')
    expect(guessTier({ ...tier, source: 'model' }, study, null).observer).toBeNull()
    expect(
      guessTier({ ...tier, annotations: [emptyAnnotation(0, 1, '0.93')] }, study, null).observer,
    ).toBeNull()
    const words = Array.from({ length: 40 }, (_, index) => emptyAnnotation(index, index + 1, `word ${index}`))
    expect(guessTier({ ...tier, annotations: words }, study, null).observer).toBeNull()
  })
})

describe('places that are taken', () => {
  const incoming = one([
    emptyAnnotation(0.5, 2, 'happiness', { id: 'new' }),
    emptyAnnotation(15, 16, 'anger'),
  ])
  const existing = [segment('s1', 10, 40)]

  it('are kept: what comes is left out', () => {
    const { clip: done, segments } = plan([incoming], { existing })
    expect(done).toMatchObject({ addedCount: 1, conflictCount: 1, replacedCount: 0 })
    expect(done?.conflicts[0]).toMatchObject({ label: 'happiness', existing: 'anger', observer: 'Anna' })
    expect(segments.map(({ startSecs }) => startSecs)).toEqual([15])
  })

  it('are replaced', () => {
    const { changes, clip: done } = plan([incoming], { existing, choices: choicesFor([incoming], 'replace') })
    expect(done).toMatchObject({ addedCount: 2, replacedCount: 1 })
    expect(changes[0]).toEqual({ remove: 's1' })
  })

  it('stay, and what comes goes to another observer', () => {
    const { segments, planned } = plan([incoming], {
      existing,
      choices: choicesFor([incoming], 'newObserver'),
    })
    expect(planned.newObservers).toEqual(['Anna (imported)'])
    const added = planned.study?.observers.find(({ name }) => name === 'Anna (imported)')
    expect(segments.find(({ id }) => id === 'new')?.observerId).toBe(added?.id)
    expect(segments.find(({ id }) => id !== 'new')?.observerId).toBe('obs-a')
  })

  it('an id that another item has is not taken again', () => {
    const other = segment('new', 300, 310, { observerId: 'obs-b' })
    const { segments } = plan([incoming], { existing: [other] })
    expect(segments).toHaveLength(2)
    expect(segments.every(({ id }) => id !== 'new' && id !== '')).toBe(true)
  })

  it('touching edges and other sets, subjects and observers are no conflict', () => {
    const touching = one([emptyAnnotation(frames[40] ?? 0, frames[50] ?? 0, 'anger')])
    expect(plan([touching], { existing }).clip).toMatchObject({ conflictCount: 0, addedCount: 1 })
    const of = (more: object): number | undefined =>
      plan([one([emptyAnnotation(0.5, 1, 'anger')], more)], { existing }).clip?.conflictCount
    expect(of({})).toBe(1)
    expect(of({ observer: 'Ben' })).toBe(0)
    expect(of({ subject: '', name: 'clip/manual/Anna' })).toBe(0)
  })
})

describe('what is not taken over is said', () => {
  it('edges off the frames are kept and counted', () => {
    const document = one([
      emptyAnnotation(1, 2, 'anger'),
      emptyAnnotation(frames[100] ?? 0, frames[130] ?? 0, 'anger'),
    ])
    const { clip: done, segments } = plan([document])
    expect(done?.offFrameCount).toBe(2)
    expect(segments[0]).toMatchObject({ startSecs: 1, endSecs: 2 })
    expect(plan([document], { frames: null }).clip?.offFrameCount).toBeNull()
  })

  it('labels without a code, overlaps in the file, states without length, times outside', () => {
    const document = one([
      emptyAnnotation(1, 2, 'anger'),
      emptyAnnotation(1.5, 3, 'sadness'),
      emptyAnnotation(4, 4, 'anger'),
      emptyAnnotation(30, 31, 'anger'),
      emptyAnnotation(6, 7, 'odd'),
    ])
    const choices = choicesFor([document])
    const { clip: done } = plan([document], {
      choices: {
        ...choices,
        labels: choices.labels.map((one) => (one.label === 'odd' ? { ...one, code: null } : one)),
      },
    })
    expect(done?.addedCount).toBe(1)
    expect(done?.leftOut).toEqual([
      '1 left out: sadness at 1.5 s overlaps another one of the file with the same observer, subject and set',
      '1 left out: a state without length at 4 s',
      '1 left out: 30 s lies outside of the clip',
      '1 left out: "odd" has no code',
    ])
  })

  it('what the project cannot hold', () => {
    const document = one([
      emptyAnnotation(1, 2, 'anger', { confidence: 7 }),
      emptyAnnotation(3, 4, 'anger', { comment: 'x'.repeat(100_001) }),
    ])
    const { clip: done } = plan([document])
    expect(done?.addedCount).toBe(0)
    expect(done?.leftOut[0]).toMatch(/^2 left out: confidence: .* at 1 s; comment: .* at 3 s$/)
  })

  it('a locked scheme takes no new codes', () => {
    const document = one([emptyAnnotation(1, 2, 'gaze')])
    const locked = { ...study, scheme: { ...study.scheme, isLocked: true } }
    expect(plan([document], { in: locked }).planned.obstacle).toMatch(
      /scheme is locked, and 1 new code .*\(gaze\)/,
    )
    expect(plan([document]).planned).toMatchObject({ obstacle: null, newCodes: ['gaze'] })
  })
})

it('an offset moves everything, and every plan is an edit that main accepts', () => {
  const document = one([emptyAnnotation(1, 2, 'gaze'), emptyAnnotation(2, 3, 'happy')], {
    observer: 'Cleo',
    subject: 'P02',
    name: 'x',
  })
  const choices = choicesFor([document])
  const { planned, segments, changes } = plan([document], {
    existing: items,
    choices: { ...choices, recordings: choices.recordings.map((one) => ({ ...one, offsetSecs: 2.5 })) },
  })
  expect(segments.map(({ startSecs }) => startSecs)).toEqual([3.5, 4.5])
  expect(planned).toMatchObject({ newObservers: ['Cleo'], newSubjects: ['P02'], newCodes: ['gaze'] })
  expect(() =>
    checkEdit(new AnnotationDocument(), changes, { study: planned.study ?? study, observerId: null }),
  ).not.toThrow()
})
