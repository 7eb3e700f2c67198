import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canonicalLabel } from '../../main/engine/emotions'
import { parseCsv } from '../../main/engine/export/csv'
import {
  baselineItem,
  bouts,
  codedStudy,
  ratingOf,
  variableItem,
  writeCodedProject,
} from '../support/coded-project'
import { readTable } from '../support/result-folder'
import { runUnmask } from '../support/run-unmask'
import { sharedData } from '../support/shared-data'
import { tempFolder } from '../support/temp-folder'

type Bout = readonly [label: string, startSecs: number, endSecs: number]

/** A table as a person or another program would write it: only the columns that must be there, and the observer. */
async function codersTable(folder: string, observer: string, coded: readonly Bout[]): Promise<string> {
  const path = join(folder, `${observer.toLowerCase()}.segments.csv`)
  const lines = coded.map(
    ([label, startSecs, endSecs], index) =>
      `montage,${index + 1},clip/manual/${observer},manual,human,${observer},${label},${startSecs},${endSecs}`,
  )
  const header = 'clip_id,segment_id,tier,modality,source,observer,label,start_s,end_s'
  await writeFile(path, `${[header, ...lines].join('\n')}\n`)
  return path
}

/** What the montage shows: seven expressions, 3 s each. */
const ANNA: readonly Bout[] = [
  ['neutral', 0, 3],
  ['happiness', 3, 6],
  ['anger', 6, 9],
  ['sadness', 9, 12],
  ['surprise', 12, 15],
  ['fear', 15, 18],
  ['disgust', 18, 21],
]
/** Sees the smile 0.4 s late, takes anger for disgust and has left before the end. */
const BEN: readonly Bout[] = [
  ['neutral', 0, 3.4],
  ['happiness', 3.4, 6],
  ['disgust', 6, 9],
  ['sadness', 9, 12],
  ['surprise', 12, 15],
  ['fear', 15, 18],
]

describe('unmask agree, of two tables', () => {
  it('gives the kappa computed by hand', async () => {
    const folder = await tempFolder()
    const tables = [await codersTable(folder, 'Anna', ANNA), await codersTable(folder, 'Ben', BEN)]
    const out = join(folder, 'agreement')
    const { code, stdout, stderr } = await runUnmask(['agree', ...tables, '--out', out])
    expect(stderr).toBe('')
    expect(code).toBe(0)
    // 525 units of 0.04 s, 75 a label. Both: 75 neutral, 65 happiness, 3 x 75: 365. Anna has 1/7 of each label, Ben
    // 450 units of labels that she uses: pe = 1/7 x 450/525 = 6/49. kappa = (73/105 - 6/49) / (43/49) = 421/645.
    expect(stdout).toContain('69.5 %')
    expect(stdout).toContain((421 / 645).toFixed(3))
    const [unit, duration, event] = await readTable(out, 'agreement.csv')
    expect(unit).toMatchObject({
      rater_1: 'Anna',
      rater_2: 'Ben',
      method: 'time-unit',
      n_units: '525',
      percent_agreement: ((100 * 365) / 525).toFixed(4),
      kappa: (421 / 645).toFixed(6),
    })
    expect(duration).toMatchObject({ compared_s: '21.000000', kappa: (421 / 645).toFixed(6), kappa_se: '' })
    // Onsets within 0.5 s: six pairs, one of them with two labels; Ben has nothing for the last. Onsets differ by 0.4 once.
    expect(event).toMatchObject({
      n_units: '7',
      n_same: '5',
      n_other: '1',
      n_only_1: '1',
      n_only_2: '0',
      onset_diff_s: (0.4 / 6).toFixed(6),
    })
    const confusion = await readTable(out, 'confusion.csv')
    const cell = (first: string, second: string) =>
      confusion.find(
        (row) => row['clip_id'] === 'montage' && row['label_1'] === first && row['label_2'] === second,
      )
    expect(cell('happiness', 'neutral')).toMatchObject({ n_units: '10', seconds: '0.400000' })
    expect(cell('anger', 'disgust')).toMatchObject({ n_units: '75', seconds: '3.000000' })
    expect(cell('disgust', '(none)')).toMatchObject({ n_units: '75', seconds: '3.000000' })
  })

  it('skips unlabelled time when told to, and gives the same as JSON', async () => {
    const folder = await tempFolder()
    const tables = [await codersTable(folder, 'Anna', ANNA), await codersTable(folder, 'Ben', BEN)]
    const { code, stdout } = await runUnmask([
      'agree',
      ...tables,
      '--unlabelled',
      'skip',
      '--step',
      '0.2',
      '--json',
    ])
    expect(code).toBe(0)
    // 90 units of 0.2 s; 73 agree. Anna 15 of each of six labels, Ben 17, 13, 15, 15, 15 of them: pe = 15 x 75 / 8100.
    const answer = JSON.parse(stdout) as {
      pairs: {
        pooled: { units: { total: number; kappa: { figure: { value: number } } }; skippedSecs: number }
      }[]
    }
    const pooled = answer.pairs[0]?.pooled
    const [po, pe] = [73 / 90, (15 * 75) / 8100]
    expect(pooled?.units.total).toBe(90)
    expect(pooled?.units.kappa.figure.value).toBeCloseTo((po - pe) / (1 - pe), 12)
    expect(pooled?.skippedSecs).toBeCloseTo(3, 9)
  })

  it('compares three raters in pairs and with alpha', async () => {
    const folder = await tempFolder()
    const tables = [
      await codersTable(folder, 'Anna', ANNA),
      await codersTable(folder, 'Ben', BEN),
      await codersTable(folder, 'Cleo', ANNA),
    ]
    const { code, stdout } = await runUnmask(['agree', ...tables])
    expect(code).toBe(0)
    for (const pair of ['Anna and Ben', 'Anna and Cleo', 'Ben and Cleo']) expect(stdout).toContain(pair)
    expect(stdout).toContain("Anna, Ben, Cleo: Krippendorff's alpha")
  })

  it('names tiers, and says which there are where one is not', async () => {
    const folder = await tempFolder()
    const anna = await codersTable(folder, 'Anna', ANNA)
    const both = join(folder, 'both.segments.csv')
    const ben = (await readFile(await codersTable(folder, 'Ben', BEN), 'utf8')).split('\n').slice(1)
    await writeFile(both, (await readFile(anna, 'utf8')) + ben.join('\n'))
    const inOne = await runUnmask(['agree', both, '--tier-a', 'Anna', '--tier-b', 'clip/manual/Ben'])
    expect(inOne.code).toBe(0)
    expect(inOne.stdout).toContain((421 / 645).toFixed(3))
    const chosen = await runUnmask(['agree', anna, both])
    expect(chosen.code).toBe(0)
    expect(chosen.stderr).toContain('both.segments.csv has Anna, Ben: Anna was taken')
    const unknown = await runUnmask(['agree', anna, both, '--tier-b', 'Carla'])
    expect(unknown.code).toBe(2)
    expect(unknown.stderr).toContain('there are Anna, Ben')
  })

  it('weighs by a scale or a table of credits', async () => {
    const folder = await tempFolder()
    const tables = [
      await codersTable(folder, 'Anna', [
        ['low', 0, 6],
        ['high', 6, 10],
      ]),
      await codersTable(folder, 'Ben', [
        ['low', 0, 5],
        ['high', 5, 9],
        ['middle', 9, 10],
      ]),
    ]
    const weighted = [
      '--weights',
      'linear',
      '--scale',
      'low,middle,high',
      '--unlabelled',
      'skip',
      '--step',
      '1',
    ]
    const linear = await runUnmask(['agree', ...tables, ...weighted])
    // See the test of compareTiers: 1 - .15 / .49.
    expect(linear.stdout).toContain((1 - 0.15 / 0.49).toFixed(3))
    const credits = join(folder, 'credits.csv')
    await writeFile(credits, 'label,low,middle,high\nlow,1,0.5,0\nmiddle,0.5,1,0.5\nhigh,0,0.5,1\n')
    const given = await runUnmask(['agree', ...tables, ...weighted.slice(4), '--weights', credits])
    expect(given.stdout).toContain((1 - 0.15 / 0.49).toFixed(3))
    await writeFile(credits, 'label,low,high\nlow,1,2\nhigh,0,1\n')
    const bad = await runUnmask(['agree', ...tables, '--weights', credits])
    expect(bad.code).toBe(2)
    expect(bad.stderr).toContain('line 2: the credit of low and high is "2"')
    expect((await runUnmask(['agree', ...tables, '--weights', 'linear'])).stderr).toContain('--scale')
  })

  it('says what is wrong, with the exit code of the fault', async () => {
    const folder = await tempFolder()
    const anna = await codersTable(folder, 'Anna', ANNA)
    expect((await runUnmask(['agree', anna])).code).toBe(2)
    expect((await runUnmask(['agree', anna, anna, '--step', '0'])).code).toBe(2)
    expect((await runUnmask(['agree', anna, anna, '--unlabelled', 'maybe'])).code).toBe(2)
    const missing = await runUnmask(['agree', anna, join(folder, 'none.segments.csv')])
    expect(missing.code).toBe(1)
    expect(missing.stderr).toContain('none.segments.csv')
    const bad = join(folder, 'bad.segments.csv')
    await writeFile(bad, 'clip_id,segment_id,tier,label,start_s,end_s\nmontage,1,t,joy,soon,3\n')
    const broken = await runUnmask(['agree', anna, bad])
    expect(broken.code).toBe(1)
    expect(broken.stderr).toMatch(/line 2: start_s "soon" is not a number.*bad\.segments\.csv/)
    const ben = await codersTable(folder, 'Ben', BEN)
    const out = join(folder, 'out')
    expect((await runUnmask(['agree', anna, ben, '--out', out])).code).toBe(0)
    const again = await runUnmask(['agree', anna, ben, '--out', out])
    expect(again.code).toBe(2)
    expect(again.stderr).toContain('--force')
    expect((await runUnmask(['agree', anna, ben, '--out', out, '--force'])).code).toBe(0)
  })
})

describe('unmask agree, of a project', () => {
  it('compares the ratings of two observers, too', async () => {
    const folder = await tempFolder()
    const study = codedStudy()
    const dimension = { id: 'v', name: 'valence', minimum: -1, maximum: 1, neutral: 0 }
    const words = { lowLabel: '', highLabel: '', description: '' }
    const scheme = { ...study.scheme, dimensions: [{ ...dimension, ...words }] }
    await writeCodedProject(folder, { ...study, scheme }, [
      {
        clipId: 'one',
        path: 'one.mp4',
        durationSecs: 5,
        items: [
          ratingOf('anna', 'v', [0, 1, 2, 3, 4], [0.1, 0.2, 0.3, 0.4, 0.5], 5),
          ratingOf('ben', 'v', [0, 1, 2, 3, 4], [0.2, 0.4, 0.6, 0.8, 1], 5),
        ],
      },
    ])
    const out = join(folder, 'agreement')
    const { code, stdout, stderr } = await runUnmask([
      ...['agree', folder, '--tier-a', 'Anna', '--tier-b', 'Ben', '--rating-step', '1', '--out', out],
    ])
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout).toContain('valence by Anna, Ben: 1 s units')
    // Of 1..5 and 2..10: variances 2 and 8, covariance 4, means 3 and 6: 8 / (2 + 8 + 9), see the test of Lin's coefficient.
    const [rating] = await readTable(out, 'agreement.csv')
    expect(rating).toMatchObject({
      method: 'rating',
      tier: 'valence',
      n_units: '5',
      ccc: (8 / 19).toFixed(6),
      pearson: '1.000000',
    })
    // Of the tenfold values: units 45 / 4, raters 22.5, rest 5 / 4.
    const [rows, columns, rest] = [11.25, 22.5, 1.25]
    expect(Number(rating?.['icc'])).toBeCloseTo((rows - rest) / (rows + rest + (2 * (columns - rest)) / 5), 5)
  })
})

describe('unmask stats, of a project', () => {
  it('groups by a variable and corrects for the baseline only where there is one', async () => {
    const folder = await tempFolder()
    const study = codedStudy({
      variables: [{ id: 'v', name: 'condition', scope: 'clip', kind: 'text', choices: [], description: '' }],
    })
    await writeCodedProject(folder, study, [
      {
        clipId: 'one',
        path: 'one.mp4',
        durationSecs: 60,
        items: [
          ...bouts('anna', ['happiness', 6, 12], ['anger', 12, 15]),
          variableItem('anna', 'v', 'film'),
          baselineItem('anna', 0, 2),
        ],
      },
      {
        clipId: 'two',
        path: 'two.mp4',
        durationSecs: 30,
        items: [...bouts('anna', ['happiness', 0, 3]), variableItem('anna', 'v', 'talk')],
      },
    ])
    const out = join(folder, 'statistics')
    const { code, stdout, stderr } = await runUnmask([
      ...['stats', folder, '--by', 'condition', '--tier', 'Anna', '--bin', '30', '--out', out],
    ])
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout).toMatch(/film\s+happiness\s+1\s+1\s+6\.00\s+10\.0 %\s+6\.00\s+1\.00\s+6\.00/)
    expect(stdout).toMatch(/talk\s+happiness\s+1\s+1\s+3\.00\s+10\.0 %\s+3\.00\s+2\.00\s+0\.00/)
    const rows = await readTable(out, 'summary_long.csv')
    const happiness = rows.filter((row) => row['clip_id'] === 'one' && row['emotion'] === 'happiness')
    expect(
      happiness.map((row) => [row['bin_start_s'], row['n_bouts'], row['total_s'], row['latency_s']]),
    ).toEqual([
      ['0.000000', '1', '6.000000', '6.000000'],
      ['30.000000', '0', '0.000000', ''],
    ])
    const unknown = await runUnmask(['stats', folder, '--by', 'age'])
    expect(unknown.code).toBe(2)
    expect(unknown.stderr).toContain('there are condition')
  })
})

const montage = sharedData('clips', 'montage.mp4')
const truth = sharedData('clips', 'montage.truth.csv')

describe.runIf(montage && truth)('on the montage, labelled', () => {
  let results: string

  beforeAll(async () => {
    results = await mkdtemp(join(tmpdir(), 'unmask-test-agree-'))
    const { code, stderr } = await runUnmask(['label', montage!, '--out', results])
    if (code !== 0) throw new Error(stderr)
  }, 400_000)
  afterAll(() => rm(results, { recursive: true, force: true }))

  const faceBouts = async (): Promise<Bout[]> =>
    (await readTable(results, 'montage.segments.csv'))
      .filter((row) => row['modality'] === 'face')
      .map((row) => [row['label'] ?? '', Number(row['start_s']), Number(row['end_s'])])

  const labelAt = (all: readonly Bout[], secs: number): string =>
    all.find(([, startSecs, endSecs]) => startSecs <= secs && secs < endSecs)?.[0] ?? ''

  it('compares a person with the model, unit by unit', async () => {
    const [, ...lines] = parseCsv(await readFile(truth!, 'utf8'))
    const person = lines.map(([start, end, emotion = '']): Bout => [
      canonicalLabel(emotion) ?? emotion,
      Number(start),
      Number(end),
    ])
    const table = await codersTable(await tempFolder(), 'Anna', person)
    const { code, stdout } = await runUnmask(['agree', table, results, '--tier-b', 'face', '--json'])
    expect(code).toBe(0)
    const answer = JSON.parse(stdout) as {
      pairs: {
        raters: string[]
        pooled: { units: { total: number; kappa: { figure: { value: number } } } }
      }[]
    }
    // By looking at every unit, with the end of the clip from its meta.json.
    const model = await faceBouts()
    const meta = JSON.parse(await readFile(join(results, 'montage.meta.json'), 'utf8')) as {
      summary: { durationSecs: number }
    }
    const counts = new Map<string, number>()
    const add = (key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1)
    let total = 0
    for (; (total + 0.5) * 0.04 < meta.summary.durationSecs; total++) {
      const [first, second] = [labelAt(person, (total + 0.5) * 0.04), labelAt(model, (total + 0.5) * 0.04)]
      add(`first ${first}`)
      add(`second ${second}`)
      if (first === second) add('same')
    }
    const labels = new Set(
      [...counts.keys()].filter((key) => key.startsWith('first ')).map((key) => key.slice(6)),
    )
    let chance = 0
    for (const label of labels)
      chance += ((counts.get(`first ${label}`) ?? 0) * (counts.get(`second ${label}`) ?? 0)) / total ** 2
    const same = (counts.get('same') ?? 0) / total
    const pair = answer.pairs[0]
    expect(pair?.raters).toEqual(['Anna', 'face'])
    expect(pair?.pooled.units.total).toBe(total)
    expect(pair?.pooled.units.kappa.figure.value).toBeCloseTo((same - chance) / (1 - chance), 9)
    // The model reads posed expressions well; far below this the tiers would not be those of the clip.
    expect(pair?.pooled.units.kappa.figure.value).toBeGreaterThan(0.6)
  })

  it('gives the bouts of the segments table and the probabilities of the frames table', async () => {
    const out = join(await tempFolder(), 'statistics')
    const { code, stdout } = await runUnmask(['stats', results, '--out', out])
    expect(code).toBe(0)
    expect(stdout).toContain('face')
    const model = await faceBouts()
    const budget = (await readTable(out, 'summary_long.csv')).filter((row) => row['rater'] === 'face')
    expect(budget).toHaveLength(7)
    const exported = await readTable(results, 'summary_long.csv')
    for (const row of budget) {
      const own = model.filter(([label]) => label === row['emotion'])
      const secs = own.map(([, startSecs, endSecs]) => endSecs - startSecs)
      expect(row['n_bouts']).toBe(String(own.length))
      expect(Number(row['total_s'])).toBeCloseTo(
        secs.reduce((sum, one) => sum + one, 0),
        5,
      )
      // The same figures by other code: what the batch wrote from the timeline itself.
      const known = exported.find((one) => one['modality'] === 'face' && one['emotion'] === row['emotion'])
      for (const name of ['n_bouts', 'total_s', 'latency_s', 'rate_per_min', 'max_p'])
        expect(row[name]).toBe(known?.[name])
      expect(Number(row['mean_p'])).toBeCloseTo(Number(known?.['mean_p']), 5)
    }
    const transitions = (await readTable(out, 'transitions.csv')).filter(
      (row) => row['rater'] === 'face' && row['gaps'] === 'joined' && row['clip_id'] === 'montage',
    )
    const changes = model.filter(([label], index) => index > 0 && model[index - 1]?.[0] !== label)
    expect(transitions.reduce((sum, row) => sum + Number(row['n']), 0)).toBe(changes.length)
  })
})

describe('help', () => {
  it.each(['agree', 'stats'])('of %s shows examples', async (name) => {
    const { code, stdout } = await runUnmask([name, '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain('Examples:')
  })
})
