import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { RAVDESS_LABELS } from '../../../../main/engine/learning/data/ravdess'
import type { Predictions } from '../../../../main/engine/learning/evaluation/predictions'
import { type AvClip, ravdessKey, readAvTable } from '../../../../main/engine/learning/fusion/av-table'
import { engineRule, singleRule } from '../../../../main/engine/learning/fusion/fusion-rules'
import { toSevenClasses } from '../../../../main/engine/learning/fusion/pair-set'
import { matchClips, realPairs } from '../../../../main/engine/learning/fusion/real-pairs'
import { accuracyOf } from '../../../../main/engine/learning/fusion/exponent-choice'
import { ACTOR_FOLDS } from '../../../../main/engine/learning/speech/folds'
import { sharedData } from '../../../support/shared-data'
import { tempFolder } from '../../../support/temp-folder'

const TABLE = sharedData('reference', 'ravdess-av-posteriors.csv')
const UNIFORM = new Array<number>(8).fill(1 / 8)

/** The published speech outputs in the guise of own predictions: names of sound-only recordings. */
function asPredictions(table: readonly AvClip[]): Predictions {
  return {
    labels: RAVDESS_LABELS,
    protocol: 'published outputs',
    items: table.map(({ name, actor, label, outputs }) => ({
      id: name.replace(/^01/, '03'),
      group: actor,
      truth: label,
      logits: outputs['wav2vec speech'],
    })),
  }
}

describe.runIf(TABLE)('real pairs (needs ../shared/data)', () => {
  const read = () => readAvTable(TABLE ?? '')

  it('pairs all 1,200 clips by the last six fields of the name', async () => {
    const table = await read()
    const matched = matchClips(table, asPredictions(table))
    expect(matched.length).toBe(1200)
    expect(new Set(table.map(({ key }) => key)).size).toBe(1200)
    for (const { clip, voice } of matched) expect(voice).toEqual(clip.outputs['wav2vec speech'])
  })

  it('pairs whatever the order of clips and labels', async () => {
    const table = await read()
    const speech = asPredictions(table)
    const labels = [...RAVDESS_LABELS].reverse()
    const turned: Predictions = {
      ...speech,
      labels,
      items: [...speech.items].reverse().map((item) => ({
        ...item,
        truth: 7 - item.truth,
        logits: [...item.logits].reverse(),
      })),
    }
    expect(matchClips(table, turned)).toEqual(matchClips(table, speech))
  })

  it('keeps every actor, and every published fold, in one of the four folds by actor', async () => {
    const matched = await read().then((table) => matchClips(table, asPredictions(table)))
    const partsOf = (keyOf: (actor: string, fold: string) => string) => {
      const parts = new Map<string, Set<string>>()
      for (const { clip, part } of matched) {
        const key = keyOf(clip.actor, clip.fold)
        parts.set(key, (parts.get(key) ?? new Set<string>()).add(part))
      }
      return parts
    }
    expect(partsOf((actor) => actor).size).toBe(20)
    for (const parts of [partsOf((actor) => actor), partsOf((_, fold) => fold)])
      for (const own of parts.values()) expect(own.size).toBe(1)
    expect(new Set(matched.map(({ part }) => part)).size).toBe(ACTOR_FOLDS.length)
  })

  it('refuses a missing clip, a clip with another label and other classes, by name', async () => {
    const table = await read()
    const speech = asPredictions(table)
    const [first, ...rest] = speech.items
    expect(() => matchClips(table, { ...speech, items: rest })).toThrowError(
      expect.objectContaining({
        code: 'data.invalid',
        message: expect.stringContaining(ravdessKey(first?.id ?? '')),
      }),
    )
    const wrong = { ...first!, truth: (first!.truth + 1) % 8 }
    expect(() => matchClips(table, { ...speech, items: [wrong, ...rest] })).toThrowError(
      expect.objectContaining({ message: expect.stringContaining(table[0]?.name ?? '?') }),
    )
    expect(() => matchClips(table, { ...speech, labels: RAVDESS_LABELS.slice(1) })).toThrowError(
      expect.objectContaining({ code: 'data.invalid' }),
    )
  })

  it('gives the published fusion: 87.7% of eight classes from 81.8 and 59.2', async () => {
    const table = await read()
    const matched = matchClips(table, asPredictions(table))
    const set = realPairs(matched, {
      faceModel: 'action units, static',
      voiceModel: 'wav2vec speech',
      voicePrior: UNIFORM,
      voiceName: '',
    })
    const product = accuracyOf(set, engineRule())
    expect(product).toBeGreaterThan(0.87)
    expect(product).toBeGreaterThan(accuracyOf(set, singleRule('voice')) + 0.05)
    const seven = toSevenClasses(set)
    expect(seven.facePrior[0]).toBeCloseTo(3 / 15, 9)
    for (const { face, voice, truth } of seven.pairs) {
      expect(truth).toBeGreaterThanOrEqual(0)
      for (const probs of [face, voice]) expect(probs.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9)
    }
  })

  it('names the line of a broken table', async () => {
    const lines = (await readFile(TABLE ?? '', 'utf8')).split('\n')
    const broken = async (change: (cells: string[]) => void) => {
      const cells = (lines[4] ?? '').split(',')
      change(cells)
      const path = join(await tempFolder(), 'table.csv')
      await writeFile(path, [...lines.slice(0, 4), cells.join(','), ...lines.slice(5)].join('\n'))
      return readAvTable(path)
    }
    await expect(broken((cells) => (cells[2] = 'bored'))).rejects.toMatchObject({
      code: 'data.invalid',
      message: expect.stringContaining('line 5: label "bored"'),
    })
    await expect(broken((cells) => (cells[7] = ''))).rejects.toMatchObject({
      message: expect.stringContaining('line 5: column w2v_logit_angry'),
    })
    await expect(broken((cells) => (cells[1] = '9'))).rejects.toMatchObject({
      message: expect.stringMatching(/line \d+: actor \d\d is in fold/),
    })
  })
})
