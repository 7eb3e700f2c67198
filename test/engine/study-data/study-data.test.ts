import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SegmentRecord } from '../../../main/engine/export/segment-record'
import { segmentsCsv } from '../../../main/engine/export/segments-csv'
import { readStudyData } from '../../../main/engine/study-data/read-study-data'
import { type ClipParts, studyClip } from '../../../main/engine/study-data/study-clip'
import { pairClips, rateClips, ratersOf } from '../../../main/engine/study-data/raters'
import type { RaterRef, StudyClip } from '../../../main/engine/study-data/types'
import {
  baselineItem,
  bouts,
  codedStudy,
  doneItem,
  ratingOf,
  variableItem,
  writeCodedProject,
} from '../../support/coded-project'
import { exclusionItem } from '../../support/study'
import { tempFolder } from '../../support/temp-folder'

function record(changes: Partial<SegmentRecord>): SegmentRecord {
  return {
    clipId: 'film',
    segmentId: '1',
    tier: 'clip/manual/Anna',
    modality: 'manual',
    source: 'human',
    observer: 'Anna',
    subjectId: '',
    faceId: null,
    label: 'joy',
    startSecs: 0,
    endSecs: 1,
    startFrame: null,
    endFrame: null,
    peakValue: null,
    peakTimeSecs: null,
    meanValue: null,
    frameCount: null,
    validFrameCount: null,
    status: 'added',
    origLabel: '',
    origStartSecs: null,
    origEndSecs: null,
    confidence: null,
    comment: '',
    editedAt: '',
    ...changes,
  }
}

async function tableOf(records: readonly SegmentRecord[], name = 'film.segments.csv'): Promise<string> {
  const path = join(await tempFolder(), name)
  await writeFile(path, [...segmentsCsv(records)].join(''))
  return path
}

async function onlyClip(paths: readonly string[]): Promise<StudyClip> {
  const { clips, problems } = await readStudyData(paths, { readings: false })
  expect(problems).toEqual([])
  expect(clips).toHaveLength(1)
  return clips[0]!
}

const raterOf = (clips: readonly StudyClip[], key: string): RaterRef => {
  const found = ratersOf(clips).find((rater) => rater.key === key)
  if (!found)
    throw new Error(
      `no rater ${key} among ${ratersOf(clips)
        .map((rater) => rater.key)
        .join(', ')}`,
    )
  return found
}

describe('segments tables as tiers', () => {
  const face = { modality: 'face', source: 'model', observer: 'face-1', status: 'auto' } as const

  it('takes tracks of one person as one tier, in which bouts that meet count as one', async () => {
    const clip = await onlyClip([
      await tableOf([
        record({ ...face, tier: 'Zoe/face', faceId: 1, subjectId: 'Zoe', startSecs: 0, endSecs: 2 }),
        record({ ...face, tier: 'Zoe/face', faceId: 4, subjectId: 'Zoe', startSecs: 2, endSecs: 5 }),
        record({
          ...face,
          tier: 'Zoe/face',
          faceId: 4,
          subjectId: 'Zoe',
          label: 'anger',
          startSecs: 5,
          endSecs: 6,
        }),
      ]),
    ])
    expect(clip.tiers).toHaveLength(1)
    expect(clip.tiers[0]).toMatchObject({ name: 'Zoe/face', kind: 'face', subject: 'Zoe', rater: 'face-1' })
    expect(clip.tiers[0]?.stretches).toEqual([
      { label: 'joy', startSecs: 0, endSecs: 5 },
      { label: 'anger', startSecs: 5, endSecs: 6 },
    ])
    expect(clip.isDurationKnown).toBe(false)
    expect(clip.durationSecs).toBe(6)
  })

  it('keeps unnamed faces apart, sets and points, and leaves rejected rows out', async () => {
    const clip = await onlyClip([
      await tableOf([
        record({ ...face, tier: 'face_1/face', faceId: 1 }),
        record({ ...face, tier: 'face_2/face', faceId: 2 }),
        record({}),
        record({ startSecs: 2, endSecs: 3, status: 'rejected' }),
        record({ tier: 'clip/manual/Anna/gaze', label: 'away', startSecs: 0, endSecs: 4 }),
        record({ tier: 'clip/manual/Anna/points', label: 'nod', startSecs: 2, endSecs: 2 }),
      ]),
    ])
    expect(clip.tiers.map(({ subject, kind, set, isPoints }) => [subject, kind, set, isPoints])).toEqual([
      ['face_1', 'face', 'emotion', false],
      ['face_2', 'face', 'emotion', false],
      ['', 'manual', 'emotion', false],
      ['', 'manual', 'gaze', false],
      ['', 'manual', '', true],
    ])
    expect(ratersOf([clip]).map(({ key }) => key)).toEqual(['face', 'Anna', 'Anna/gaze', 'Anna/points'])
    expect(clip.tiers[2]?.stretches).toHaveLength(1)
  })

  it('says where a tier overlaps itself, and keeps the earlier label', async () => {
    const path = await tableOf([
      record({ startSecs: 0, endSecs: 4 }),
      record({ label: 'anger', startSecs: 3, endSecs: 6 }),
    ])
    const { clips, problems } = await readStudyData([path], { readings: false })
    expect(problems[0]?.fault.message).toContain('overlap at 3.000 s')
    expect(clips[0]?.tiers[0]?.stretches).toEqual([
      { label: 'joy', startSecs: 0, endSecs: 4 },
      { label: 'anger', startSecs: 4, endSecs: 6 },
    ])
  })

  it('brings the tables of two observers of one clip together', async () => {
    const anna = await tableOf([record({})], 'anna.segments.csv')
    const ben = await tableOf(
      [record({ tier: 'clip/manual/Ben', observer: 'Ben', label: 'anger' })],
      'ben.segments.csv',
    )
    const clip = await onlyClip([anna, ben])
    expect(ratersOf([clip]).map(({ key }) => key)).toEqual(['Anna', 'Ben'])
  })

  it('names file and line of a bad table and goes on with the others', async () => {
    const folder = await tempFolder()
    await writeFile(
      join(folder, 'good.segments.csv'),
      [...segmentsCsv([record({ clipId: 'good' })])].join(''),
    )
    const bad = join(folder, 'bad.segments.csv')
    await writeFile(bad, [...segmentsCsv([record({})])].join(''))
    await appendFile(bad, (await readFile(bad, 'utf8')).split('\n')[1]!.replace('1.000000', 'soon') + '\n')
    const { clips, problems } = await readStudyData([folder], { readings: false })
    expect(clips.map(({ clipId }) => clipId)).toEqual(['good'])
    expect(problems).toHaveLength(1)
    expect(problems[0]?.fault.message).toContain('line 3')
    expect(problems[0]?.fault.message).toContain(bad)
  })

  it('refuses a folder without anything in it, and one that is not there', async () => {
    const folder = await tempFolder()
    await expect(readStudyData([folder], { readings: true })).rejects.toMatchObject({ code: 'input.empty' })
    await expect(readStudyData([join(folder, 'none')], { readings: true })).rejects.toMatchObject({
      code: 'input.not-found',
    })
  })
})

describe('a project with what people coded', () => {
  async function project(): Promise<string> {
    const folder = await tempFolder()
    const study = codedStudy({
      variables: [
        { id: 'v1', name: 'condition', scope: 'clip', kind: 'text', choices: [], description: '' },
        { id: 'v2', name: 'age', scope: 'subject', kind: 'number', choices: [], description: '' },
      ],
      subjects: [{ id: 's1', name: 'Zoe', description: '', variables: { v2: '31' } }],
    })
    await writeCodedProject(folder, study, [
      {
        clipId: 'film',
        path: 'film.mp4',
        durationSecs: 20,
        items: [
          ...bouts('anna', ['happiness', 0, 5], ['anger', 5, 9]),
          ...bouts('ben', ['happiness', 0, 4]),
          doneItem('cleo'),
          exclusionItem(10, 12),
          baselineItem('anna', 0, 2),
          variableItem('anna', 'v1', 'quiet'),
          { ...ratingOf('anna', 'valence', [1, 3], [0.5, -0.5], 6), reactionTimeSecs: 0.5 },
          ratingOf('anna', 'valence', [8], [1], 9),
        ],
      },
      { clipId: 'hidden', path: 'hidden.mp4', durationSecs: 5, items: bouts('anna', ['fear', 0, 1]) },
      { clipId: 'untouched', path: 'untouched.mp4', durationSecs: 5, items: [] },
    ])
    return folder
  }

  it('gives tiers of people, the final one, exclusions, baselines, variables and ratings', async () => {
    const data = await readStudyData([await project()], {
      readings: true,
      hiddenClipIds: new Set(['hidden']),
    })
    expect(data.problems).toEqual([])
    expect(data.clips.map(({ clipId }) => clipId)).toEqual(['film'])
    expect(data.observers).toEqual(['Anna', 'Ben', 'Cleo'])
    expect(data.variables).toEqual([
      { name: 'condition', scope: 'clip' },
      { name: 'age', scope: 'subject' },
    ])
    const clip = data.clips[0]!
    expect(clip).toMatchObject({
      durationSecs: 20,
      isDurationKnown: true,
      observed: [
        { startSecs: 0, endSecs: 10 },
        { startSecs: 12, endSecs: 20 },
      ],
      baselines: [{ subject: '', startSecs: 0, endSecs: 2 }],
      variables: { condition: 'quiet' },
      subjectVariables: { Zoe: { age: '31' } },
    })
    const final = clip.tiers.find(({ kind }) => kind === 'final')
    expect(final?.stretches.map(({ label }) => label)).toEqual(['happiness', 'anger'])
    // Both ratings of Anna, reaction time off the first one, nothing held between them.
    expect(clip.ratings).toEqual([
      {
        subject: '',
        observer: 'Anna',
        dimension: expect.any(String) as string,
        trace: { timesSecs: [0.5, 2.5, 5.5, 8], values: [0.5, -0.5, Number.NaN, 1], endSecs: 9 },
      },
    ])
  })

  it('gives a clip that nobody has coded yet the model’s label as its final one, where people code', () => {
    const model = (modality: 'face' | 'fusion', label: string, startSecs: number) =>
      record({
        modality,
        label,
        startSecs,
        endSecs: startSecs + 1,
        tier: `clip/${modality}`,
        source: 'model',
        observer: 'm',
        status: 'auto',
      })
    const parts: ClipParts = {
      clipId: 'film',
      meta: null,
      records: [
        model('face', 'fear', 0),
        model('face', 'joy', 1),
        model('fusion', 'anger', 0),
        model('fusion', 'joy', 2),
      ],
      annotation: null,
      study: codedStudy(),
      results: null,
      durationSecs: 5,
    }
    const finals = (one: ClipParts) =>
      studyClip(one).clip.tiers.flatMap(({ kind, stretches }) => (kind === 'final' ? [stretches] : []))
    expect(finals(parts)).toEqual([
      [
        expect.objectContaining({ label: 'anger', startSecs: 0, endSecs: 1 }),
        expect.objectContaining({ label: 'joy', startSecs: 2, endSecs: 3 }),
      ],
    ])
    expect(finals({ ...parts, study: codedStudy({ observers: [] }) })).toEqual([])
    expect(finals({ ...parts, study: null })).toEqual([])
    expect(finals({ ...parts, records: [] })).toEqual([])
  })

  it('has an empty tier for an observer who is done and saw nothing', async () => {
    const { clips } = await readStudyData([await project()], { readings: false })
    const { pairs, unpaired } = pairClips(clips, raterOf(clips, 'Anna'), raterOf(clips, 'Cleo'))
    expect(pairs).toHaveLength(1)
    expect(pairs[0]?.second).toEqual([])
    expect(unpaired).toEqual([{ clipId: 'hidden', reason: 'nothing by Cleo' }])
    const rated = rateClips(
      clips,
      ['Anna', 'Ben', 'Cleo'].map((key) => raterOf(clips, key)),
    )
    expect(rated.map(({ clipId, tracks }) => [clipId, tracks.map((track) => track?.length)])).toEqual([
      ['film', [2, 1, 0]],
    ])
  })

  it('goes on past a damaged annotation file, and says so', async () => {
    const folder = await project()
    await mkdir(join(folder, 'annotations'), { recursive: true })
    await writeFile(join(folder, 'annotations', 'hidden.annotations.json'), '{ "format": ')
    const { clips, problems } = await readStudyData([folder], { readings: false })
    expect(clips.some(({ clipId }) => clipId === 'film')).toBe(true)
    expect(problems.map(({ clipId }) => clipId)).toEqual(['hidden'])
    expect(problems[0]?.fault.message).toContain('damaged')
  })
})

describe('pairClips', () => {
  const tierOf = (key: 'speech' | 'manual', subject: string) =>
    key === 'speech'
      ? record({ tier: 'clip/speech', modality: 'speech', source: 'model', observer: 'voice', subjectId: '' })
      : record({ tier: `${subject}/manual/Anna`, subjectId: subject })

  it('puts what is about the clip as a whole beside its one subject, not beside one of two', async () => {
    const one = await onlyClip([await tableOf([tierOf('speech', ''), tierOf('manual', 'Zoe')])])
    const pair = pairClips([one], raterOf([one], 'speech'), raterOf([one], 'Anna'))
    expect(pair.pairs.map(({ subject }) => subject)).toEqual(['Zoe'])
    const two = await onlyClip([
      await tableOf([tierOf('speech', ''), tierOf('manual', 'Zoe'), tierOf('manual', 'Yan')]),
    ])
    const none = pairClips([two], raterOf([two], 'speech'), raterOf([two], 'Anna'))
    expect(none.pairs).toEqual([])
    expect(none.unpaired[0]?.reason).toBe('no subject in common: speech has clip, Anna has Zoe, Yan')
  })
})
