import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listVoiceData } from '../../../../main/engine/learning/data/open-data'
import { RAVDESS_LABELS, findRavdess, parseRavdessName } from '../../../../main/engine/learning/data/ravdess'
import { recogniseData } from '../../../../main/engine/learning/data/recognise'
import { sharedData } from '../../../support/shared-data'
import { tempFolder } from '../../../support/temp-folder'

describe('parseRavdessName', () => {
  it('reads all seven fields', () => {
    expect(parseRavdessName('03-01-06-01-02-01-12.flac')).toEqual({
      name: '03-01-06-01-02-01-12',
      modality: 'audio',
      isSong: false,
      actor: 12,
      label: RAVDESS_LABELS.indexOf('fear'),
      isStrong: false,
      statement: 2,
      repetition: 1,
    })
    expect(parseRavdessName('01-02-08-02-01-02-24.MP4')).toMatchObject({
      modality: 'audio-video',
      isSong: true,
      actor: 24,
      label: RAVDESS_LABELS.indexOf('surprise'),
      isStrong: true,
    })
    expect(parseRavdessName('02-01-01-01-01-01-01.mp4')?.modality).toBe('video')
  })

  it.each([
    '04-01-01-01-01-01-01.wav',
    '03-03-01-01-01-01-01.wav',
    '03-01-09-01-01-01-01.wav',
    '03-01-00-01-01-01-01.wav',
    '03-01-01-03-01-01-01.wav',
    '03-01-01-01-03-01-01.wav',
    '03-01-01-01-01-00-01.wav',
    '03-01-01-01-01-01-25.wav',
    '03-01-01-01-01-01.wav',
    '03-01-01-01-01-01-01.txt',
    'x03-01-01-01-01-01-01.wav',
  ])('%s is none', (name) => expect(parseRavdessName(name)).toBeNull())
})

describe('RAVDESS folders', () => {
  it('finds files at any depth and gives each spoken take with sound once', async () => {
    const folder = await tempFolder()
    for (const name of [
      'Video/Actor_02/01-01-05-01-01-01-02.mp4',
      'Video/Actor_02/02-01-05-01-01-01-02.mp4',
      'Audio/Actor_02/03-01-05-01-01-01-02.wav',
      'Audio/Actor_02/03-02-05-01-01-01-02.wav',
      'Audio/Actor_01/03-01-03-01-01-01-01.flac',
      'Video/Actor_01/01-01-04-01-01-01-01.mp4',
      'readme.txt',
    ]) {
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await writeFile(join(folder, name), 'x')
    }
    expect(await recogniseData(folder)).toEqual({ kind: 'ravdess', folder })
    expect(await findRavdess(folder)).toHaveLength(6)
    expect(await listVoiceData(folder)).toEqual([
      {
        path: join(folder, 'Video/Actor_01/01-01-04-01-01-01-01.mp4'),
        id: '01-01-04-01-01-01-01',
        label: 'sadness',
        speaker: '01',
        split: null,
      },
      {
        path: join(folder, 'Audio/Actor_01/03-01-03-01-01-01-01.flac'),
        id: '03-01-03-01-01-01-01',
        label: 'happiness',
        speaker: '01',
        split: null,
      },
      {
        path: join(folder, 'Audio/Actor_02/03-01-05-01-01-01-02.wav'),
        id: '03-01-05-01-01-01-02',
        label: 'anger',
        speaker: '02',
        split: null,
      },
    ])
  })

  it('says when there is no speech among the recordings', async () => {
    const folder = await tempFolder()
    await writeFile(join(folder, '02-01-05-01-01-01-02.mp4'), 'x')
    await expect(listVoiceData(folder)).rejects.toThrow(/none of them is speech with sound/)
  })
})

const ravdess = sharedData('ravdess')
describe.skipIf(ravdess === null)('RAVDESS as shared (skipped where ../shared/data is absent)', () => {
  it('has sixty clips of each of twenty actors', async () => {
    const clips = await listVoiceData(ravdess!)
    expect(clips).toHaveLength(1200)
    for (let actor = 1; actor <= 20; actor++) {
      const own = clips.filter(({ speaker }) => Number(speaker) === actor)
      const counts = RAVDESS_LABELS.map((label) => own.filter((clip) => clip.label === label).length)
      expect(counts).toEqual([4, 8, 8, 8, 8, 8, 8, 8])
    }
  })
})
