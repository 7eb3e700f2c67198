import { describe, expect, it } from 'vitest'
import {
  listRavdess,
  parseRavdessName,
  RAVDESS_LABELS,
} from '../../../../main/engine/learning/speech/ravdess'
import { ACTOR_FOLDS, splitByFold } from '../../../../main/engine/learning/speech/folds'
import { sharedData } from '../../../support/shared-data'

describe('parseRavdessName', () => {
  it('reads emotion, intensity and actor', () => {
    expect(parseRavdessName('03-01-06-01-02-01-12.flac')).toEqual({
      name: '03-01-06-01-02-01-12',
      actor: 12,
      label: RAVDESS_LABELS.indexOf('fear'),
      isStrong: false,
    })
    expect(parseRavdessName('03-01-01-01-01-01-01.wav')?.label).toBe(RAVDESS_LABELS.indexOf('neutral'))
    expect(parseRavdessName('03-01-08-02-01-01-24.WAV')).toMatchObject({
      actor: 24,
      label: 7,
      isStrong: true,
    })
  })

  it.each([
    ['song', '03-02-03-01-01-01-01.wav'],
    ['an emotion that does not exist', '03-01-09-01-01-01-01.wav'],
    ['emotion zero', '03-01-00-01-01-01-01.wav'],
    ['an actor that does not exist', '03-01-01-01-01-01-25.wav'],
    ['too few fields', '03-01-01-01-01-01.wav'],
    ['video', '01-01-01-01-01-01-01.mp4'],
    ['other files', 'README.md'],
  ])('passes over %s', (_remark, name) => {
    expect(parseRavdessName(name)).toBeNull()
  })
})

describe('the folds', () => {
  const items = Array.from({ length: 24 }, (_, k) => [1, 2, 3].map((clip) => ({ actor: k + 1, clip }))).flat()

  it('hold every actor from 1 to 20 once', () => {
    expect(ACTOR_FOLDS.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, k) => k + 1))
  })

  it('never have an actor on both sides, and test each clip once', () => {
    const tested = new Map<unknown, number>()
    ACTOR_FOLDS.forEach((_, fold) => {
      const { train, test } = splitByFold(items, fold)
      const trainActors = new Set(train.map(({ actor }) => actor))
      expect(test.some(({ actor }) => trainActors.has(actor))).toBe(false)
      expect(train.length + test.length).toBe(60)
      for (const item of test) tested.set(item, (tested.get(item) ?? 0) + 1)
    })
    expect(tested.size).toBe(60)
    expect([...tested.values()].every((count) => count === 1)).toBe(true)
  })
})

const folder = sharedData('ravdess')

describe.runIf(folder !== null)('RAVDESS (needs ../shared/data)', () => {
  it('has 60 clips of each of 20 actors: neutral 4, the others 8', async () => {
    const clips = await listRavdess(folder!)
    expect(clips).toHaveLength(1200)
    expect(new Set(clips.map(({ name }) => name)).size).toBe(1200)
    for (let actor = 1; actor <= 20; actor++) {
      const own = clips.filter((clip) => clip.actor === actor)
      const counts = RAVDESS_LABELS.map((_, label) => own.filter((clip) => clip.label === label).length)
      expect(counts).toEqual([4, 8, 8, 8, 8, 8, 8, 8])
    }
  })
})
