import { appendFile, mkdtemp, readFile, rm, stat, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AgreementMoments } from '../../../preload/contract/agreement'
import { StudyDesk } from '../../../main/host/study/study-desk'
import type { AgreementOrder, StatisticsOrder, StudySource } from '../../../main/host/study/study-orders'
import { bouts, codedStudy, ratingOf, variableItem, writeCodedProject } from '../../support/coded-project'
import { runUnmask } from '../../support/run-unmask'

let folder: string
let desk: StudyDesk
const options = { signal: new AbortController().signal, onProgress: () => undefined }
const source = (changes: Partial<StudySource> = {}): StudySource => ({
  projectFolder: folder,
  resultsFolder: join(folder, 'results'),
  clipIds: ['one', 'three', 'two'],
  group: null,
  ...changes,
})
const order = (changes: Partial<AgreementOrder> = {}): AgreementOrder => ({
  source: source(),
  subject: null,
  raters: ['Anna', 'Ben'],
  stepSecs: 0.04,
  toleranceSecs: 0.5,
  unlabelled: 'category',
  weights: null,
  ...changes,
})
const statistics = (changes: Partial<StatisticsOrder> = {}): StatisticsOrder => ({
  source: source(),
  subject: null,
  raters: null,
  by: 'rater',
  variable: null,
  binSecs: null,
  baseline: false,
  gaps: 'state',
  ...changes,
})

/**
 * Two clips of 3.2 s, so 80 units of 0.04 s each, and one that only Anna coded.
 * one, Anna:  happiness 0-1, anger 1-2.   Ben: happiness 0-0.8, anger 0.8-2, sadness 2-2.4.
 * two, both:  sadness 0.4-1.2.
 */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unmask-desk-'))
  const dimension = { id: 'valence', name: 'valence', minimum: -1, maximum: 1, neutral: 0 }
  const study = codedStudy()
  await writeCodedProject(
    folder,
    {
      ...study,
      scheme: {
        ...study.scheme,
        dimensions: [{ ...dimension, lowLabel: '', highLabel: '', description: '' }],
      },
      variables: [{ id: 'v', name: 'condition', scope: 'clip', kind: 'text', choices: [], description: '' }],
    },
    [
      {
        clipId: 'one',
        path: 'one.mp4',
        durationSecs: 3.2,
        items: [
          ...bouts('anna', ['happiness', 0, 1], ['anger', 1, 2]),
          ...bouts('ben', ['happiness', 0, 0.8], ['anger', 0.8, 2], ['sadness', 2, 2.4]),
          ratingOf('anna', 'valence', [0, 1, 2], [0, 0.5, 1], 3),
          ratingOf('ben', 'valence', [0, 1, 2], [0.2, 0.7, 1], 3),
          variableItem('anna', 'v', 'film'),
        ],
      },
      {
        clipId: 'two',
        path: 'two.mp4',
        durationSecs: 3.2,
        items: [
          ...bouts('anna', ['sadness', 0.4, 1.2]),
          ...bouts('ben', ['sadness', 0.4, 1.2]),
          variableItem('anna', 'v', 'talk'),
        ],
      },
      { clipId: 'three', path: 'three.mp4', durationSecs: 5, items: bouts('anna', ['fear', 1, 2]) },
    ],
  )
  desk = new StudyDesk()
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('the study desk', () => {
  it('says who labelled what', async () => {
    const survey = await desk.run('survey', { source: source() }, options)
    const facts = survey.raters.map(({ key, clipCount, stretchCount }) => [key, clipCount, stretchCount])
    expect(facts).toContainEqual(['Anna', 3, 4])
    expect(facts).toContainEqual(['Ben', 2, 4])
    expect(survey.clipCount).toBe(3)
    expect(survey.dimensions).toEqual([{ name: 'valence', observers: ['Anna', 'Ben'] }])
    expect(survey.variables).toEqual([
      {
        name: 'condition',
        scope: 'clip',
        values: [
          { value: '', clipCount: 1 },
          { value: 'film', clipCount: 1 },
          { value: 'talk', clipCount: 1 },
        ],
      },
    ])
  })

  it('compares two people as by hand', async () => {
    const { pair, unpairedClipCount } = await desk.run('agreement', order(), options)
    expect(unpairedClipCount).toBe(1)
    expect(pair?.confusion.units).toEqual({
      labels: ['happiness', 'sadness', 'anger', '(none)'],
      counts: [
        [20, 0, 5, 0],
        [0, 20, 0, 0],
        [0, 0, 25, 0],
        [0, 10, 0, 80],
      ],
    })
    // po = 145/160; pe = (25*20 + 20*30 + 25*30 + 90*80) / 160^2 = 9050/25600.
    expect(pair?.pooled.units.observedAgreement.value).toBeCloseTo(0.90625, 12)
    expect(pair?.pooled.units.expectedAgreement.value).toBeCloseTo(0.353515625, 12)
    expect(pair?.pooled.units.kappa.figure.value).toBeCloseTo(0.552734375 / 0.646484375, 12)
    // AC1 of four labels: pe = sum of p (1 - p) / 3 with p the mean share of each.
    const shares = [22.5, 25, 27.5, 85].map((units) => units / 160)
    const chance = shares.reduce((sum, share) => sum + share * (1 - share), 0) / 3
    expect(pair?.pooled.units.ac1.figure.value).toBeCloseTo((0.90625 - chance) / (1 - chance), 12)
    expect(pair?.clips.map(({ clipId }) => clipId)).toEqual(['one', 'two'])
    expect(pair?.clips[1]?.units.kappa.figure.value).toBeCloseTo(1, 12)
    const [happiness] = pair?.labels.units ?? []
    expect(happiness).toMatchObject({ label: 'happiness', first: 25, second: 20, both: 20 })
    expect(happiness?.specific.value).toBeCloseTo(40 / 45, 12)
    // Collapsed to two by two: po = 155/160, pe = (25*20 + 135*140) / 160^2.
    const [po, pe] = [155 / 160, (25 * 20 + 135 * 140) / 160 ** 2]
    expect(happiness?.kappa.value).toBeCloseTo((po - pe) / (1 - pe), 12)
  })

  it('tells the moments behind every cell, which add up to it', async () => {
    const report = await desk.run('agreement', order(), options)
    const { labels, counts } = report.pair!.confusion.seconds
    for (const [row, first] of labels.entries())
      for (const [column, second] of labels.entries()) {
        const cell = { of: order(), basis: 'seconds', first, second } as const
        const { totalSecs, moments } = await desk.run('moments', cell, options)
        expect(totalSecs).toBeCloseTo(counts[row]?.[column] ?? Number.NaN, 9)
        const longest = moments.map(({ startSecs, endSecs }) => endSecs - startSecs)
        expect(longest).toEqual([...longest].sort((a, b) => b - a))
      }
    const cell = { of: order(), basis: 'units', first: 'happiness', second: 'anger' } as const
    expect(await desk.run('moments', cell, options)).toMatchObject({
      totalCount: 1,
      moments: [{ clipId: 'one', subject: '', startSecs: 0.8, endSecs: 1 }],
    })
  })

  it('tells the events behind a cell', async () => {
    const { pair } = await desk.run('agreement', order(), options)
    expect(pair?.confusion.events.labels).toEqual(['happiness', 'sadness', 'anger', '(none)'])
    const cell = { of: order(), basis: 'events', first: '(none)', second: 'sadness' } as const
    const alone = await desk.run('moments', cell, options)
    expect(alone.moments).toEqual([{ clipId: 'one', subject: '', startSecs: 2, endSecs: 2.4 }])
  })

  it('shows a clip from its beginning to its end, without holes', async () => {
    const strip = await desk.run('strip', { of: order(), clipId: 'one', subject: '' }, options)
    expect(strip.durationSecs).toBe(3.2)
    const edges = strip.stretches.flatMap(({ startSecs, endSecs }) => [startSecs, endSecs])
    expect(edges).toEqual([0, 0.8, 0.8, 1, 1, 2, 2, 2.4, 2.4, 3.2])
  })

  it('takes only one group, and says so', async () => {
    const group = { variable: 'condition', value: 'talk' }
    const { pair, clipCount } = await desk.run('agreement', order({ source: source({ group }) }), options)
    expect(clipCount).toBe(1)
    expect(pair?.pooled.units.kappa.figure.value).toBeCloseTo(1, 12)
  })

  it('never looks at a clip that was left out', async () => {
    const survey = await desk.run('survey', { source: source({ clipIds: ['two'] }) }, options)
    expect(survey.clipCount).toBe(1)
    expect(survey.raters.map(({ key, stretchCount }) => [key, stretchCount])).toContainEqual(['Anna', 1])
  })

  it('says who there is when asked for somebody else', async () => {
    await expect(desk.run('agreement', order({ raters: ['Anna', 'Dora'] }), options)).rejects.toMatchObject({
      code: 'usage.invalid',
      message: expect.stringMatching(/"Dora".*Anna, Ben/),
    })
  })

  it('compares ratings, with the points behind the figures', async () => {
    const ask = { source: source(), subject: null, raters: ['Anna', 'Ben'], dimension: 'valence' }
    const report = await desk.run('ratings', { ...ask, stepSecs: 1 }, options)
    expect(report.points).toEqual([
      [0, 0.2],
      [0.5, 0.7],
      [1, 1],
    ])
    // Lin's CCC with divisor n: 2 s12 / (s1^2 + s2^2 + (m1 - m2)^2).
    const [a, b] = [
      [0, 0.5, 1],
      [0.2, 0.7, 1],
    ]
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / 3
    const cross = (x: readonly number[], y: readonly number[]) =>
      mean(x.map((value, at) => (value - mean(x)) * ((y[at] ?? 0) - mean(y))))
    const expected = (2 * cross(a!, b!)) / (cross(a!, a!) + cross(b!, b!) + (mean(a!) - mean(b!)) ** 2)
    expect(report.pooled.ccc.figure.value).toBeCloseTo(expected, 12)
    const traces = await desk.run(
      'traces',
      { of: { ...ask, stepSecs: 1 }, clipId: 'one', subject: '' },
      options,
    )
    expect(traces.traces.map((trace) => trace?.rater)).toEqual(['Anna', 'Ben'])
  })

  it('sums behaviour as by hand', async () => {
    const report = await desk.run('statistics', statistics({ raters: ['Anna', 'Ben'] }), options)
    const of = (rater: string, label: string) =>
      report.budget.find((row) => row.raterKey === rater && row.label === label)
    // Anna coded 11.4 s in three clips; Ben 6.4 s in two.
    expect(of('Anna', 'happiness')).toMatchObject({ bouts: 1, totalSecs: 1, tierCount: 3, sdSecs: null })
    expect(of('Anna', 'happiness')?.proportion).toBeCloseTo(1 / 11.4, 12)
    expect(of('Anna', 'happiness')?.ratePerMin).toBeCloseTo(60 / 11.4, 12)
    const sadness = of('Ben', 'sadness')
    expect(sadness?.bouts).toBe(2)
    expect(sadness?.meanSecs).toBeCloseTo(0.6, 12)
    // 0.4 s and 0.8 s, of two clips: SD (n - 1).
    expect(sadness?.sdSecs).toBeCloseTo(Math.sqrt(0.08), 12)
    expect(sadness?.latencySecs).toBeCloseTo((2 + 0.4) / 2, 12)
    const [table] = report.transitions.filter(({ raterKey }) => raterKey === 'Ben')
    expect(table?.labels).toEqual(['happiness', 'sadness', 'anger', '(none)'])
    expect(table?.counts).toEqual([
      [0, 0, 1, 0],
      [0, 0, 0, 2],
      [0, 1, 0, 0],
      [0, 1, 0, 0],
    ])
  })

  it.each(['state', 'joined'] as const)('finds as many transitions as it counts (gaps: %s)', async (gaps) => {
    const ask = statistics({ gaps })
    const report = await desk.run('statistics', ask, options)
    for (const { raterKey, labels, counts } of report.transitions)
      for (const [row, from] of labels.entries())
        for (const [column, to] of labels.entries()) {
          const found: AgreementMoments = await desk.run(
            'transitionMoments',
            { of: ask, raterKey, from, to },
            options,
          )
          expect(found.totalCount).toBe(counts[row]?.[column])
        }
  })

  it('groups by a variable as the engine does, and divides time into bins', async () => {
    const ask = statistics({ by: 'group', variable: 'condition', raters: ['Anna'], binSecs: 1.6 })
    const report = await desk.run('statistics', ask, options)
    expect(report.groups).toEqual(['', 'film', 'talk'])
    const film = report.budget.find(({ group, label }) => group === 'film' && label === 'anger')
    expect(film?.proportion).toBeCloseTo(1 / 3.2, 12)
    const anger = report.bins.filter(({ label }) => label === 'anger')
    // 1-1.6 s and 1.6-2 s of one clip of three.
    expect(anger.map(({ totalSecs }) => totalSecs)).toEqual([
      expect.closeTo(0.6, 9),
      expect.closeTo(0.4, 9),
      0,
      0,
    ])
    expect(anger[0]?.observedSecs).toBeCloseTo(4.8, 9)
  })

  it('reads anew what was edited, and only that', async () => {
    await writeFileTimes(join(folder, 'annotations', 'two.annotations.json'))
    const before = await desk.run('agreement', order(), options)
    const line = {
      formatVersion: 1,
      // The annotations of this clip were written after their third edit.
      seq: 4,
      at: '2026-03-02T10:00:00.000Z',
      observerId: 'ben',
      title: 'label anger',
      changes: [{ put: bouts('ben', ['anger', 2, 3])[0], clock: { test: 2 } }],
    }
    await appendFile(join(folder, 'annotations', 'two.journal.jsonl'), `${JSON.stringify(line)}\n`)
    const after = await desk.run('agreement', order(), options)
    expect(after.problems).toEqual([])
    expect(after.pair?.confusion.units.counts[3]?.[2]).toBe(
      (before.pair?.confusion.units.counts[3]?.[2] ?? 0) + 25,
    )
    await rm(join(folder, 'annotations', 'two.journal.jsonl'))
  })

  it('writes the very tables of the command', async () => {
    const [ours, theirs] = [join(folder, 'ours'), join(folder, 'theirs')]
    const files = await desk.run('exportAgreement', { of: order(), folder: ours, mayReplace: false }, options)
    expect(files).toEqual(['agreement.csv', 'confusion.csv', 'data_dictionary.csv'])
    const agree = ['agree', folder, '--tier-a', 'Anna', '--tier-b', 'Ben', '--out', theirs]
    expect(await runUnmask(agree)).toMatchObject({ code: 0 })
    for (const name of files)
      expect(await readFile(join(ours, name), 'utf8')).toBe(await readFile(join(theirs, name), 'utf8'))
    await expect(
      desk.run('exportAgreement', { of: order(), folder: ours, mayReplace: false }, options),
    ).rejects.toMatchObject({ code: 'output.exists' })
    const stats = statistics({ by: 'group', variable: 'condition', binSecs: 2 })
    const target = { folder: join(folder, 'stats-ours'), mayReplace: false }
    const tables = await desk.run('exportStatistics', { of: stats, ...target }, options)
    const out = join(folder, 'stats-theirs')
    const command = ['stats', folder, '--by', 'condition', '--bin', '2', '--out', out]
    expect(await runUnmask(command)).toMatchObject({ code: 0 })
    for (const name of tables)
      expect(await readFile(join(target.folder, name), 'utf8')).toBe(await readFile(join(out, name), 'utf8'))
  })

  it('refuses a baseline that nobody marked, with the reason', async () => {
    const plain = await desk.run('statistics', statistics({ baseline: true }), options)
    const rating = plain.continuous.find(({ measure }) => measure === 'valence')
    expect(rating?.corrected).toMatchObject({ value: null, reason: expect.stringContaining('baseline') })
  })

  it('stops between two clips', async () => {
    const controller = new AbortController()
    const run = new StudyDesk().run('agreement', order(), {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    })
    await expect(run).rejects.toMatchObject({ code: 'cancelled' })
  })
})

/** A file system with coarse times must not hide an edit from the test. */
async function writeFileTimes(path: string): Promise<void> {
  const { atimeMs, mtimeMs } = await stat(path)
  await utimes(path, atimeMs / 1000, mtimeMs / 1000 - 10)
}
