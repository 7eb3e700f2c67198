// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import type { ReviewItem, SegmentItem } from '../../../../../preload/contract/annotation'
import type { OpenedClip, ViewerMoment, ViewerSegment } from '../../../../../preload/contract/viewer-port'
import { runCommand } from '../../../../../renderer/keys/command-bus'
import { useAnalysisStore } from '../../../../../renderer/stores/analysis'
import { segmentOfMoment } from '../../../../../renderer/views/analyse/code/review/moment-edits'
import { loopAround } from '../../../../../renderer/views/analyse/code/review/review-loop'
import ReviewTab from '../../../../../renderer/views/analyse/code/review/ReviewTab.vue'
import { sampleStudy, segmentItem } from '../../../../support/study'
import { type BenchOptions, codingBench, settled } from './coding-bench'

const EMOTIONS = ['neutral', 'happiness', 'sadness', 'anger', 'fear', 'disgust', 'surprise']

const proposed = (label: string, startSecs: number, endSecs: number, changes: Partial<ViewerSegment> = {}) =>
  ({
    id: `m${startSecs}`,
    tier: `clip/${changes.modality ?? 'fusion'}`,
    modality: 'fusion',
    source: 'model',
    observer: '',
    subjectId: '',
    faceId: 1,
    label,
    emotion: EMOTIONS.indexOf(label),
    startSecs,
    endSecs,
    peakTimeSecs: null,
    meanValue: 0.7,
    ...changes,
  }) as ViewerSegment

const moment = (kind: ViewerMoment['kind'], startSecs: number, value: number): ViewerMoment => ({
  kind,
  faceId: 1,
  startSecs,
  endSecs: startSecs + 0.8,
  atSecs: startSecs + 0.4,
  atFrame: 0,
  value,
  faceEmotion: 3,
  speechEmotion: 4,
})

const CLIP = {
  clip: { clipId: 'clip', modalities: ['face', 'fusion'] },
  faces: [{ faceId: 1, subjectId: '', firstSecs: 0, lastSecs: 10, seenSecs: 10 }],
  segments: [
    proposed('anger', 0, 3),
    proposed('fear', 3, 5, { meanValue: 0.9 }),
    proposed('boredom', 5, 6),
    proposed('sadness', 1, 2, { modality: 'face', id: 'f1' }),
  ],
  moments: [
    moment('low-confidence', 1, 0.3),
    moment('disagreement', 3.2, 0.6),
    moment('disagreement', 7, 0.9),
  ],
} as unknown as OpenedClip

async function review(what: 'moments' | 'proposals', options: BenchOptions = {}) {
  const bench = await codingBench(options)
  const analysis = useAnalysisStore()
  analysis.token = 'clip'
  analysis.opened = CLIP
  const view = bench.mount(ReviewTab, { clip: CLIP })
  await view.get('select[aria-label="What to go through"]').setValue(what)
  await settled()
  const progress = () => /\d+ of \d+ looked at/.exec(view.text())?.[0]
  const title = () => view.get('.card h3').text()
  const command = async (name: string) => {
    runCommand(`annotate.${name}`)
    await settled()
  }
  const key = async (codeId: string) => {
    const taken = bench.coding.offerCodeKey(bench.studies.codeById.get(codeId)!)
    await settled()
    return taken
  }
  const made = () => bench.kept().filter((item): item is SegmentItem => item.kind === 'segment')
  const reviews = () => bench.kept().filter((item): item is ReviewItem => item.kind === 'review')
  return { bench, view, progress, title, command, key, made, reviews }
}

describe('the queue of moments', () => {
  it('comes by weight, plays each in a loop with its lead-in, and goes on after a decision', async () => {
    const { bench, title, progress, command, reviews } = await review('moments')
    // The surest disagreement first; nothing is said there by the model.
    expect(title()).toBe('Face Anger, speech Fear')
    expect(bench.transport.timeSecs).toBeCloseTo(7.4, 6)
    expect(progress()).toBe('0 of 3 looked at')
    await command('confirm')
    expect(progress()).toBe('1 of 3 looked at')
    expect(reviews()).toMatchObject([{ momentKind: 'disagreement', startSecs: 7, outcome: 'agreed' }])
    expect(bench.transport.isPlaying).toBe(true)
    expect(bench.transport.loop?.fromSecs).toBeCloseTo(2.2, 6)
    expect(bench.transport.loop?.toSecs).toBeCloseTo(4, 6)
    await command('unclear')
    expect(title()).toBe('Anger, unsure')
    await command('unclear')
    expect(progress()).toBe('3 of 3 looked at')
  })

  it('takes a code’s key for the right label, over the moment and with what the model said', async () => {
    const { bench, command, key, made, reviews } = await review('moments')
    await command('nextProposal')
    expect(await key('disgust')).toBe(true)
    expect(made()).toMatchObject([
      {
        codeId: 'disgust',
        status: 'edited',
        orig: { segmentId: 'm3', label: 'fear', startSecs: 3, endSecs: 5 },
      },
    ])
    expect(made()[0]!.startSecs).toBeCloseTo(3.2, 6)
    expect(made()[0]!.endSecs).toBeCloseTo(4, 6)
    expect(reviews()).toMatchObject([{ outcome: 'corrected' }])
    // One step of undo for label and decision.
    bench.annotations.undo()
    await settled()
    expect(bench.kept()).toEqual([])
  })

  it('rejects, decides again, and says what there is nothing to reject of', async () => {
    const { view, command, made, reviews, progress } = await review('moments')
    await command('reject')
    expect(view.get('[role="alert"]').text()).toContain('nothing to reject')
    expect(reviews()).toEqual([])
    await command('nextProposal')
    await command('reject')
    expect(made()).toMatchObject([{ status: 'rejected', codeId: 'fear' }])
    await command('previousProposal')
    await command('withdraw')
    expect(made()).toEqual([])
    expect(progress()).toBe('0 of 3 looked at')
  })

  it('narrows to one kind', async () => {
    const { view, progress, title } = await review('moments')
    await view.get('select[aria-label="Kind"]').setValue('low-confidence')
    await settled()
    expect([progress(), title()]).toEqual(['0 of 1 looked at', 'Anger, unsure'])
  })

  it('leaves coding alone where nobody may decide', async () => {
    const { bench, view, command } = await review('moments', { observerId: null })
    expect(view.text()).toContain('Choose who codes first')
    await command('confirm')
    expect(bench.kept()).toEqual([])
  })
})

describe('the proposals of a tier', () => {
  it('are confirmed, relabelled and rejected with one key each', async () => {
    const { bench, title, progress, command, key, made } = await review('proposals')
    expect(title()).toBe('Anger')
    await command('confirm')
    expect(title()).toBe('Fear')
    await key('surprise')
    expect(made()).toMatchObject([
      { codeId: 'anger', status: 'confirmed', startSecs: 0, endSecs: 3, orig: { segmentId: 'm0' } },
      { codeId: 'surprise', status: 'edited', orig: { label: 'fear' } },
    ])
    expect(progress()).toBe('2 of 3 looked at')
    bench.annotations.undo()
    await settled()
    expect(progress()).toBe('1 of 3 looked at')
  })

  it('says so where the scheme has no code for a label', async () => {
    const { view, command, made } = await review('proposals')
    await command('nextProposal')
    await command('nextProposal')
    await command('reject')
    expect(view.get('[role="alert"]').text()).toContain('no state “boredom”')
    expect(made()).toEqual([])
  })

  it('are those of the tier that is chosen', async () => {
    const { view, title, progress } = await review('proposals')
    await view.get('select[aria-label="Tier"]').setValue('face')
    await settled()
    expect([title(), progress()]).toEqual(['Sadness', '0 of 1 looked at'])
  })

  it('are accepted together where the model is sure and nothing is coded', async () => {
    const { view, made, progress } = await review('proposals', { items: [segmentItem('anger', 0, 1)] })
    await view.get('select[aria-label="Accept all that are sure"]').setValue('0.6')
    await view
      .findAll('button')
      .find((button) => button.text() === 'Accept the rest')!
      .trigger('click')
    await settled()
    expect(made().map(({ codeId, status }) => `${codeId} ${status}`)).toEqual([
      'anger added',
      'fear confirmed',
    ])
    expect(progress()).toBe('1 of 3 looked at')
  })

  it('keep a key that decides from being a label', async () => {
    const study = sampleStudy()
    const codes = study.scheme.codes.map((code) => (code.id === 'fear' ? { ...code, key: 'X' } : code))
    const { key, made } = await review('proposals', {
      study: { ...study, scheme: { ...study.scheme, codes } },
    })
    expect(await key('fear')).toBe(false)
    expect(made()).toEqual([])
  })
})

describe('what a moment is about', () => {
  it('is the fused segment before the face’s, at its instant and of its face', () => {
    const at = (atSecs: number, faceId = 1) => segmentOfMoment(CLIP.segments, { atSecs, faceId })?.id
    expect([at(1.5), at(3), at(6), at(1.5, 2)]).toEqual(['m0', 'm3', undefined, undefined])
  })
})

describe('the loop around an entry', () => {
  const clip = { timesSecs: Float64Array.from({ length: 100 }, (_, at) => at * 0.1), durationSecs: 10 }
  it('begins with the lead-in and ends with it, on frames', () => {
    const loop = loopAround({ startSecs: 3.25, endSecs: 5.01 }, 1, clip)
    expect(loop.fromSecs).toBeCloseTo(2.2, 9)
    expect(loop.toSecs).toBeCloseTo(5.1, 9)
  })
  it('lasts a second at least, inside the clip', () => {
    const short = loopAround({ startSecs: 0.2, endSecs: 0.3 }, 0, clip)
    expect(short.fromSecs).toBe(0)
    expect(short.toSecs).toBeCloseTo(1, 9)
    expect(loopAround({ startSecs: 9.9, endSecs: 10 }, 5, clip).toSecs).toBe(10)
  })
})
