import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { parseCsv } from '../../../../main/engine/export/csv'
import { readFusionCard } from '../../../../main/engine/fusion/card'
import type { FusionEvaluation } from '../../../../main/engine/learning/fusion/evaluate-fusion'
import { chooseExponents, exponentGrid } from '../../../../main/engine/learning/fusion/exponent-choice'
import { fusionCard, writeFusionCard } from '../../../../main/engine/learning/fusion/fusion-card'
import { decisionFigures, WRONG_SHARE } from '../../../../main/engine/learning/fusion/real-figures'
import { FUSION_CSV, writeFusionEvaluation } from '../../../../main/engine/learning/fusion/write-fusion'
import { tempFolder } from '../../../support/temp-folder'
import { randomPairs } from './pairs-support'

describe('figures of fusion', () => {
  let evaluation: FusionEvaluation
  beforeAll(() => {
    const choice = chooseExponents(randomPairs(20, 1))
    const figures = decisionFigures(
      [1, 2].map((seed) => ({ seed, set: randomPairs(20, seed + 1) })),
      {
        pairs: 'real pairs',
        sides: 'random sides',
        idPrefix: 'real-8',
        chosen: choice,
        modelId: null,
        hasHeadline: true,
      },
    )
    const [best] = exponentGrid(randomPairs(5, 9))
    evaluation = { figures, choice, curves: [], sensitivity: { best: best!, atOne: best! } }
  })

  it('have ids of their own, one headline, and say their pairs and gates', () => {
    const ids = evaluation.figures.map(({ report }) => report.id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(
      evaluation.figures.filter(({ report }) => report.isHeadline).map(({ report }) => report.id),
    ).toEqual(['real-8-product'])
    for (const { report, gates, way } of evaluation.figures) {
      expect(report.protocol).toContain('random pairs')
      if (way === 'product') expect(gates).not.toBe('')
    }
  })

  it('with wrong faces: an oracle never does worse than no gate, over the mean of the draws', () => {
    const meanOf = (id: string) =>
      evaluation.figures.find(({ report }) => report.id === `real-8-wrong-product-${id}`)?.report.seeds
        ?.accuracy.mean ?? Number.NaN
    expect(meanOf('oracle')).toBeGreaterThan(meanOf('off'))
    for (const { wrongShare, report } of evaluation.figures)
      expect(report.protocol.includes('exchanged for one of another class')).toBe(wrongShare === WRONG_SHARE)
  })

  it('stand one a line in the table and make a card that the program reads', async () => {
    const folder = await tempFolder()
    await writeFusionEvaluation(folder, evaluation)
    const [header = [], ...lines] = parseCsv(await readFile(join(folder, FUSION_CSV), 'utf8'))
    expect(lines.length).toBe(evaluation.figures.length)
    lines.forEach((cells, index) => {
      const { report, seedsOf } = evaluation.figures[index]!
      expect(cells.length).toBe(header.length)
      expect(Number(cells[header.indexOf('accuracy')])).toBeCloseTo(report.accuracy.value, 4)
      expect(cells[header.indexOf('seeds_of')]).toBe(seedsOf)
    })
    const card = fusionCard({
      evaluation,
      id: 'fusion-test',
      models: { face: 'a', speech: 'b' },
      command: 'unmask evaluate fusion',
      commit: 'none',
    })
    await writeFusionCard(join(folder, 'fusion'), card, evaluation)
    expect(await readFusionCard(folder)).toEqual(card)
    const text = await readFile(join(folder, 'fusion', 'CARD.md'), 'utf8')
    for (const { report } of evaluation.figures)
      expect(text).toContain((100 * report.accuracy.value).toFixed(1))
    expect(text).not.toMatch(/undefined|NaN/)
  })
})
