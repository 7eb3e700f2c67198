import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { alphaOfTiers } from '../../../main/engine/agreement/alpha-of-tiers'
import { compareRatings } from '../../../main/engine/agreement/compare-ratings'
import { compareTiers } from '../../../main/engine/agreement/compare-tiers'
import type { PairedClip } from '../../../main/engine/agreement/types'
import { behaviourOf } from '../../../main/engine/behaviour/behaviour'
import {
  AGREEMENT_FILES,
  BEHAVIOUR_FILES,
  writeAgreement,
  writeBehaviour,
} from '../../../main/engine/export/study-files'
import { readTable } from '../../support/result-folder'
import { tempFolder } from '../../support/temp-folder'
import { bout, clip, study, tier } from '../behaviour/hand-clips'

const observed = [{ startSecs: 0, endSecs: 10 }]
const pair: PairedClip = {
  clipId: 'film, "a"',
  subject: '',
  observed,
  first: [bout('joy', 0, 5), bout('anger', 5, 10)],
  second: [bout('joy', 0, 4), bout('anger', 4, 8)],
}

async function agreementFolder(): Promise<string> {
  const folder = join(await tempFolder(), 'agreement')
  const trace = (values: number[]) => ({ timesSecs: values.map((_, i) => i), values, endSecs: 10 })
  await writeAgreement(folder, {
    pairs: [
      compareTiers([pair], ['Anna', '=Ben'], { stepSecs: 1 }),
      compareTiers(
        [{ ...pair, clipId: 'b', first: [bout('joy', 0, 10)], second: [bout('joy', 0, 10)] }],
        ['Anna', 'Ben'],
      ),
    ],
    alphas: [
      alphaOfTiers([{ ...pair, tracks: [pair.first, pair.second, pair.second] }], ['Anna', 'Ben', 'Cleo'], {
        stepSecs: 1,
      }),
    ],
    ratings: [
      compareRatings(
        [{ clipId: 'film', subject: '', observed, traces: [trace([1, 2, 3, 4]), trace([1, 3, 2, 4])] }],
        ['Anna', 'Ben'],
        'valence',
        { stepSecs: 1 },
      ),
    ],
  })
  return folder
}

describe('agreement.csv and confusion.csv', () => {
  it('begin with the columns of the design, in their order', () => {
    const columns = (name: string) => AGREEMENT_FILES.get(name)?.map((one) => one.name)
    expect(columns('agreement.csv')?.slice(0, 15)).toEqual(
      'clip_id,tier,rater_1,rater_2,method,step_s,tolerance_s,n_units,percent_agreement,kappa,kappa_se,ac1,ccc,icc,note'.split(
        ',',
      ),
    )
    expect(columns('confusion.csv')).toEqual(
      'clip_id,tier,rater_1,rater_2,label_1,label_2,n_units,seconds'.split(','),
    )
  })

  it('hold the figures computed by hand, pooled and of the clip', async () => {
    const rows = await readTable(await agreementFolder(), 'agreement.csv')
    const [pooled, duration, event, ofClip] = rows
    expect(pooled).toMatchObject({
      clip_id: '',
      scope: 'pooled',
      rater_1: 'Anna',
      // Guarded, so that a spreadsheet does not run it.
      rater_2: "'=Ben",
      method: 'time-unit',
      step_s: '1.000000',
      n_units: '10',
      percent_agreement: '70.0000',
      kappa: '0.500000',
      unlabelled: 'category',
    })
    expect(pooled?.['note']).toContain('not independent')
    expect(duration).toMatchObject({
      method: 'duration',
      compared_s: '10.000000',
      kappa: '0.500000',
      kappa_se: '',
    })
    expect(event).toMatchObject({
      method: 'event',
      tolerance_s: '0.500000',
      n_same: '1',
      n_only_1: '1',
      n_only_2: '1',
    })
    expect(ofClip).toMatchObject({ clip_id: 'film, "a"', tier: 'clip', scope: 'clip' })
  })

  it('leave undefined values empty and say why', async () => {
    const rows = await readTable(await agreementFolder(), 'agreement.csv')
    const row = rows.find((one) => one['rater_2'] === 'Ben' && one['method'] === 'time-unit')
    expect(row).toMatchObject({ kappa: '', kappa_se: '', ac1: '', percent_agreement: '100.0000' })
    expect(row?.['note']).toContain('Only one label used')
  })

  it('have alpha of three raters and ratings in their columns', async () => {
    const rows = await readTable(await agreementFolder(), 'agreement.csv')
    const alpha = rows.find((one) => one['method'] === 'alpha')
    expect(alpha).toMatchObject({ rater_1: 'Anna', rater_2: 'Ben | Cleo', n_units: '10', kappa: '' })
    expect(Number(alpha?.['alpha'])).toBeGreaterThan(0.5)
    const rating = rows.find((one) => one['method'] === 'rating')
    // Values 1 2 3 4 (4 held until 10) and 1 3 2 4: 10 units.
    expect(rating).toMatchObject({ tier: 'valence', n_units: '10' })
    for (const name of ['ccc', 'icc', 'pearson', 'icc_low']) expect(rating?.[name]).toMatch(/^-?\d\.\d{6}$/)
  })

  it('give every pair of labels that occurs, in units and seconds', async () => {
    const rows = await readTable(await agreementFolder(), 'confusion.csv')
    expect(
      rows
        .filter((row) => row['clip_id'] === 'film, "a"')
        .map((row) => [row['label_1'], row['label_2'], row['n_units'], row['seconds']]),
    ).toEqual([
      ['anger', 'anger', '3', '3.000000'],
      ['anger', '(none)', '2', '2.000000'],
      ['joy', 'anger', '1', '1.000000'],
      ['joy', 'joy', '4', '4.000000'],
    ])
  })

  it('are the same bytes each time', async () => {
    const [first, second] = [await agreementFolder(), await agreementFolder()]
    for (const name of await readdir(first))
      expect(await readFile(join(first, name))).toEqual(await readFile(join(second, name)))
  })
})

describe('tables of behaviour', () => {
  it('begin with the columns of the design, in their order', () => {
    const names = BEHAVIOUR_FILES.get('summary_long.csv')?.map(({ name }) => name)
    expect(names?.slice(0, 17)).toEqual(
      'clip_id,subject_id,modality,emotion,bin_start_s,bin_end_s,n_bouts,total_s,mean_s,sd_s,min_s,max_s,prop_time,rate_per_min,latency_s,mean_p,max_p'.split(
        ',',
      ),
    )
  })

  it('are written with a dictionary of every column', async () => {
    const folder = join(await tempFolder(), 'statistics')
    const data = study([clip('film', [tier([bout('joy', 5, 10), bout('anger', 20, 26)])])])
    const written = await writeBehaviour(folder, behaviourOf(data))
    expect(written.sort()).toEqual((await readdir(folder)).sort())
    const dictionary = await readTable(folder, 'data_dictionary.csv')
    for (const [file, columns] of BEHAVIOUR_FILES) {
      expect(dictionary.filter((row) => row['file'] === file).map((row) => row['column'])).toEqual(
        columns.map(({ name }) => name),
      )
      const [first] = await readTable(folder, file)
      if (first) expect(Object.keys(first)).toEqual(columns.map(({ name }) => name))
    }
    const rows = await readTable(folder, 'summary_long.csv')
    expect(rows.find((row) => row['emotion'] === 'joy')).toMatchObject({
      clip_id: 'film',
      modality: 'manual',
      n_bouts: '1',
      total_s: '5.000000',
      sd_s: '',
      prop_time: '0.083333',
      rate_per_min: '1.000000',
      latency_s: '5.000000',
      mean_p: '',
      rater: 'Anna',
      kind: 'state',
    })
    expect(await readTable(folder, 'transitions.csv')).toContainEqual({
      clip_id: 'film',
      subject_id: '',
      rater: 'Anna',
      gaps: 'joined',
      from_label: 'joy',
      to_label: 'anger',
      n: '1',
      probability: '1.000000',
    })
  })
})
