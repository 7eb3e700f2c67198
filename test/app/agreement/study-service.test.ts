import { describe, expect, it } from 'vitest'
import type { AgreementAsk } from '../../../preload/contract/agreement'
import {
  agreementAskSchema,
  momentsAskSchema,
  ratingAskSchema,
  statisticsAskSchema,
  surveyAskSchema,
} from '../../../main/app/agreement/study-asks'
import { StudyService } from '../../../main/app/agreement/study-service'
import type { StudyClient, StudyRunOptions } from '../../../main/host/study-client'
import type { StudySource } from '../../../main/host/study/study-orders'

const ASK: AgreementAsk = {
  clips: { kind: 'all' },
  subject: null,
  raters: ['Anna', 'face'],
  stepSecs: 0.04,
  toleranceSecs: 0.5,
  unlabelled: 'category',
  weights: null,
}
const STATISTICS = {
  clips: { kind: 'all' },
  subject: null,
  raters: null,
  by: 'rater',
  variable: null,
  binSecs: null,
  baseline: false,
  gaps: 'state',
}

function serviceOf(blind: readonly string[], { isOpen = true } = {}) {
  const orders: { name: string; order: { source?: StudySource; of?: { source: StudySource } } }[] = []
  const signals: AbortSignal[] = []
  const run = (name: string, order: (typeof orders)[number]['order'], options: StudyRunOptions = {}) => {
    orders.push({ name, order })
    if (options.signal) signals.push(options.signal)
    return new Promise((resolve, reject) => {
      options.signal?.addEventListener('abort', () => reject(new Error('stopped')))
      if (name !== 'statistics') resolve({ clipCount: 1, moments: [] })
    })
  }
  const service = new StudyService({
    client: { run: run as unknown as StudyClient['run'] },
    project: () =>
      isOpen
        ? {
            folder: '/p',
            resultsFolder: '/p/results',
            clips: ['a', 'b', 'c'].map((clipId) => ({ clipId, token: `token-${clipId}` })),
            isBlind: (clipId) => blind.includes(clipId),
          }
        : null,
    onProgress: () => undefined,
  })
  const clipIds = () => {
    const { source, of } = orders.at(-1)?.order ?? {}
    return (source ?? of?.source)?.clipIds
  }
  return { service, orders, signals, clipIds }
}

describe('StudyService', () => {
  it('leaves out every clip in which the observer is blind, whatever is asked', async () => {
    const { service, clipIds } = serviceOf(['b'])
    expect(await service.survey({ clips: { kind: 'all' } })).toMatchObject({ blindClipCount: 1 })
    expect(clipIds()).toEqual(['a', 'c'])
    const some = { kind: 'clips', tokens: ['token-b', 'token-c'] } as const
    expect(await service.agreement({ ...ASK, clips: some })).toMatchObject({ blindClipCount: 1 })
    expect(clipIds()).toEqual(['c'])
    await service.moments({ of: ASK, basis: 'units', first: 'anger', second: 'fear' })
    expect(clipIds()).toEqual(['a', 'c'])
    const rating = { clips: some, subject: null, raters: ['Anna', 'Ben'], dimension: 'valence', stepSecs: 1 }
    await service.ratings(rating)
    expect(clipIds()).toEqual(['c'])
    await service.exportAgreement(ASK, '/out', false)
    expect(clipIds()).toEqual(['a', 'c'])
    await service.transitionMoments({
      of: statisticsAskSchema.parse(STATISTICS),
      raterKey: 'face',
      from: 'anger',
      to: 'fear',
    })
    expect(clipIds()).toEqual(['a', 'c'])
    await service.exportStatistics(statisticsAskSchema.parse(STATISTICS), '/out', false)
    expect(clipIds()).toEqual(['a', 'c'])
    const group = { kind: 'group', variable: 'condition', value: 'film' } as const
    await service.agreement({ ...ASK, clips: group })
    expect(clipIds()).toEqual(['a', 'c'])
  })

  it('tells nothing of one such clip by its token', async () => {
    const { service, orders } = serviceOf(['b'])
    await expect(service.strip({ of: ASK, token: 'token-b', subject: '' })).rejects.toMatchObject({
      code: 'usage.invalid',
      message: expect.stringContaining('blind'),
    })
    const of = { clips: ASK.clips, subject: null, raters: ['Anna', 'Ben'], dimension: 'v', stepSecs: 1 }
    await expect(service.traces({ of, token: 'token-b', subject: '' })).rejects.toMatchObject({
      code: 'usage.invalid',
    })
    expect(orders).toEqual([])
  })

  it('knows no foreign tokens, and no clips without a project', async () => {
    const { service } = serviceOf([])
    const stranger = { kind: 'clips', tokens: ['token-a', '../etc'] } as const
    await expect(service.survey({ clips: stranger })).rejects.toMatchObject({
      message: expect.stringContaining('../etc'),
    })
    await expect(service.strip({ of: ASK, token: 'x', subject: '' })).rejects.toMatchObject({
      code: 'usage.invalid',
    })
    const closed = serviceOf([], { isOpen: false }).service
    await expect(closed.survey({ clips: { kind: 'all' } })).rejects.toMatchObject({
      message: expect.stringContaining('no project is open'),
    })
  })

  it('stops what is under way when asked to, and what was asked before of the same kind', async () => {
    const { service, signals } = serviceOf([])
    const ask = statisticsAskSchema.parse(STATISTICS)
    const first = service.statistics(ask)
    const second = service.statistics(ask)
    await expect(first).rejects.toThrow('stopped')
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false])
    service.cancel()
    await expect(second).rejects.toThrow('stopped')
  })
})

describe('asks of the window', () => {
  it('are taken as they should be', () => {
    expect(agreementAskSchema.parse(ASK)).toEqual(ASK)
    expect(statisticsAskSchema.parse(STATISTICS)).toEqual(STATISTICS)
  })

  it.each([
    [agreementAskSchema, { ...ASK, raters: ['Anna'] }, 'raters'],
    [agreementAskSchema, { ...ASK, raters: ['Anna', 'Anna'] }, 'twice'],
    [agreementAskSchema, { ...ASK, raters: ['Anna', ''] }, 'raters'],
    [agreementAskSchema, { ...ASK, raters: Array.from({ length: 21 }, (_, at) => `r${at}`) }, 'raters'],
    [agreementAskSchema, { ...ASK, stepSecs: 0 }, 'stepSecs'],
    [agreementAskSchema, { ...ASK, stepSecs: Number.NaN }, 'stepSecs'],
    [agreementAskSchema, { ...ASK, stepSecs: '0.04' }, 'stepSecs'],
    [agreementAskSchema, { ...ASK, toleranceSecs: -1 }, 'toleranceSecs'],
    [agreementAskSchema, { ...ASK, unlabelled: 'ignore' }, 'unlabelled'],
    [agreementAskSchema, { ...ASK, weights: 'cubic' }, 'weights'],
    [agreementAskSchema, { ...ASK, clips: { kind: 'clips', tokens: [] } }, 'clips'],
    [agreementAskSchema, { ...ASK, clips: { kind: 'folder', path: '/etc' } }, 'clips'],
    [agreementAskSchema, { ...ASK, projectFolder: '/etc' }, 'projectFolder'],
    [agreementAskSchema, null, ''],
    [surveyAskSchema, {}, 'clips'],
    [surveyAskSchema, { clips: { kind: 'group', variable: '', value: '' } }, 'variable'],
    [momentsAskSchema, { of: ASK, basis: 'minutes', first: 'a', second: 'b' }, 'basis'],
    [momentsAskSchema, { of: ASK, basis: 'units', first: 1, second: 'b' }, 'first'],
    [
      ratingAskSchema,
      { clips: ASK.clips, subject: null, raters: ['A', 'B'], dimension: '', stepSecs: 1 },
      'dimension',
    ],
    [statisticsAskSchema, { ...STATISTICS, binSecs: 0.01 }, 'binSecs'],
    [statisticsAskSchema, { ...STATISTICS, by: 'group' }, 'variable'],
    [statisticsAskSchema, { ...STATISTICS, raters: [] }, 'raters'],
    [statisticsAskSchema, { ...STATISTICS, gaps: true }, 'gaps'],
  ])('are refused with the field named', (schema, ask, field) => {
    const parsed = schema.safeParse(ask)
    expect(parsed.success).toBe(false)
    expect(JSON.stringify(parsed.error?.issues)).toContain(field)
  })
})
