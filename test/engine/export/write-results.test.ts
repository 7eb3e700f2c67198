import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EMOTIONS } from '../../../main/engine/emotions'
import { writeAtomic } from '../../../main/engine/export/atomic-file'
import { parseCsv } from '../../../main/engine/export/csv'
import { whatToDo } from '../../../main/engine/export/errors-csv'
import { featuresCsv } from '../../../main/engine/export/features-csv'
import { parseClipMeta } from '../../../main/engine/export/meta-json'
import { writeClipResults } from '../../../main/engine/export/write-clip'
import { type FolderEntry, readClipMeta, writeFolderResults } from '../../../main/engine/export/write-folder'
import { FEATURE_COLUMNS } from '../../../main/engine/speech/feature-columns'
import type { AnalysisSettingsInput } from '../../../main/engine/timeline/settings'
import { tempFolder } from '../../support/temp-folder'
import { buildTimeline, faceCard, mediaInfo, speechCard } from '../timeline/fixtures'
import { ALL_EXPORTS, asRecords, clipContext, NO_EXPORTS, sampleTimeline } from './fixtures'

const timeline = sampleTimeline()
const FOLDER = { bom: false, appVersion: '0.1.0' }

const read = (folder: string, name: string): Promise<string> => readFile(join(folder, name), 'utf8')
const table = async (folder: string, name: string) => asRecords(parseCsv(await read(folder, name)))

function done(clipId: string): FolderEntry {
  return { kind: 'done', clipId, path: `/data/${clipId}.mp4`, fileName: `${clipId}.mp4` }
}

const failed: FolderEntry = {
  kind: 'failed',
  clipId: 'broken',
  path: '/data/broken.mp4',
  fileName: 'broken.mp4',
  stage: 'probe',
  fault: { code: 'media.not-media', message: 'no media in file, at all: /data/broken.mp4' },
}

describe('the files of a clip', () => {
  it('are all there, meta.json last, and nothing else', async () => {
    const folder = await tempFolder()
    const plain = await writeClipResults(timeline, clipContext(), folder, NO_EXPORTS)
    expect(plain).toEqual(
      ['frames.csv', 'speech.csv', 'segments.csv', 'meta.json'].map((end) => `clip 01.${end}`),
    )
    const names = await writeClipResults(timeline, clipContext(), folder, ALL_EXPORTS)
    expect(names.at(-1)).toBe('clip 01.meta.json')
    expect((await readdir(folder)).sort()).toEqual([...names].sort())
    for (const end of ['long.csv', 'eaf', 'TextGrid', 'boris', 'boris-face.csv', 'boris-fusion.csv'])
      expect(names).toContain(`clip 01.${end}`)
    expect((await readClipMeta('clip 01', folder)).files).toEqual(names)
  })

  it('are the same bytes for the same input, the CSV at any time and meta.json but for time', async () => {
    const [one, two] = [await tempFolder(), await tempFolder()]
    const names = await writeClipResults(timeline, clipContext(), one, ALL_EXPORTS)
    const later = clipContext({ analysedAt: '2031-01-01T00:00:00.000Z', timingsSecs: { face: 9 } })
    await writeClipResults(sampleTimeline(), later, two, ALL_EXPORTS)
    for (const name of names.filter((candidate) => /csv$|TextGrid$/.test(candidate)))
      expect((await readFile(join(one, name))).equals(await readFile(join(two, name)))).toBe(true)
    const metas = [await readClipMeta('clip 01', one), await readClipMeta('clip 01', two)]
    for (const meta of metas)
      expect({ ...meta, analysedAt: '', timingsSecs: {} }).toEqual({
        ...metas[0],
        analysedAt: '',
        timingsSecs: {},
      })
  })

  it('carry a byte order mark where it is asked for, and only the CSV for spreadsheets', async () => {
    const folder = await tempFolder()
    const names = await writeClipResults(timeline, clipContext(), folder, { ...ALL_EXPORTS, bom: true })
    for (const name of names) {
      const isMarked = (await read(folder, name)).startsWith('\uFEFF')
      expect(isMarked).toBe(name.endsWith('.csv') && !name.includes('.boris-'))
    }
  })

  it('say in meta.json what was done: models with hashes, settings, media, prior', async () => {
    const folder = await tempFolder()
    await writeClipResults(timeline, clipContext({ damage: ['ends early'] }), folder, NO_EXPORTS)
    const meta = await readClipMeta('clip 01', folder)
    expect(meta).toMatchObject({ status: 'partial', damage: ['ends early'], app: { version: '0.1.0' } })
    expect(meta.models.speech?.fusionPrior[0]).toBeCloseTo(0.25, 12)
    expect(meta.models.face?.files[0]?.sha256).toBe('a'.repeat(64))
    expect(meta.settings.segments.minimumSecs).toBe(0.3)
    expect(meta.media.video?.nominalFps).toBe(25)
  })

  it('say in meta.json by which parameters and formulas, those that were used and no others', async () => {
    const folder = await tempFolder()
    const parameters = {
      faceAnalysis: { detector: 'tiny 224', startScore: 0.5 },
      voiceActivity: { onsetDb: 8 },
    }
    const methodsWith = async (settings?: AnalysisSettingsInput) => {
      await writeClipResults(
        sampleTimeline(settings),
        clipContext({ parameters }, settings),
        folder,
        NO_EXPORTS,
      )
      const meta = await readClipMeta('clip 01', folder)
      expect(meta.parameters).toEqual(parameters)
      return meta.methods
    }
    const product = await methodsWith()
    expect(product.fusion).toContain('softmax')
    expect(product.smoothing).toContain('exponential')
    const sum = await methodsWith({ fusion: { method: 'weighted-sum' }, smoothing: { method: 'none' } })
    expect(sum.fusion).not.toContain('softmax')
    expect(sum.fusion).toContain('weight x gate')
    expect(sum.smoothing).toContain('empty')
    expect(sum).not.toHaveProperty('evidence')
    expect(await methodsWith({ modalities: ['face'], smoothing: { method: 'markov' } })).toMatchObject({
      smoothing: expect.stringContaining('forward and backward'),
      evidence: expect.stringContaining('fusionPrior'),
    })
    expect(await methodsWith({ modalities: ['face'] })).not.toHaveProperty('fusion')
  })

  it('leave nothing behind when one cannot be written', async () => {
    const folder = await tempFolder()
    await writeFile(join(folder, 'file'), '')
    const context = clipContext({ clipId: 'file/x' })
    await expect(writeClipResults(timeline, context, folder, NO_EXPORTS)).rejects.toMatchObject({
      code: 'output.unwritable',
    })
    expect(await readdir(folder)).toEqual(['file'])
  })
})

describe('meta.json', () => {
  it.each([
    ['no JSON', '{"format":', 'not JSON'],
    ['another file', '{}', 'format'],
    ['a cut summary', '{"format":"unmask-clip","formatVersion":1}', 'clipId'],
  ])('is refused with %s', (_, text, message) => {
    expect(() => parseClipMeta(text, '/results/a.meta.json')).toThrowError(
      expect.objectContaining({ code: 'data.invalid', message: expect.stringContaining(message) }),
    )
  })
})

describe('METHODS.txt', () => {
  async function methods(changes: Parameters<typeof clipContext>[0], settings?: AnalysisSettingsInput) {
    const folder = await tempFolder()
    const context = clipContext({ clipId: 'one', ...changes }, settings)
    await writeClipResults(sampleTimeline(settings), context, folder, NO_EXPORTS)
    await writeFolderResults([done('one')], folder, FOLDER)
    return read(folder, 'METHODS.txt')
  }

  it('reads well where the training data were never published', async () => {
    const data = 'Not published by its authors. The prior is set uniform.'
    const text = await methods({ faceCard: { ...faceCard, training: { data, split: '', seeds: [] } } })
    expect(text).toContain(
      'The card of the face model states as its training data: "Not published by its authors. The prior is set uniform".',
    )
    expect(text).not.toContain('trained on')
    expect(text).toContain('1 clip (0.2 min in total) was analysed')
  })

  it('cites in the text what the references list, and nothing that was not done', async () => {
    const all = await methods({})
    for (const citation of ['(Davis & Mermelstein, 1980)', '(Kittler et al., 1998)', '(Guo et al., 2017)'])
      expect(all).toContain(citation)
    expect(await methods({}, { fusion: { method: 'weighted-sum' } })).toContain('weighted sum of the two')
    const face = await methods({ speechCard: null }, { modalities: ['face'], framesPerSec: 5 })
    expect(face).toContain('were estimated at 5 frames per second at most by')
    for (const absent of ['Kittler', 'Davis', 'Speech was located']) expect(face).not.toContain(absent)
  })
})

describe('the files of a folder', () => {
  async function sampleFolder(): Promise<string> {
    const folder = await tempFolder()
    await writeClipResults(
      timeline,
      clipContext({
        clipId: 'b',
        variables: { group: '=1', age: '7' },
        parameters: { faceAnalysis: { detector: 'tiny 224' } },
      }),
      folder,
      NO_EXPORTS,
    )
    const audio = buildTimeline([], {
      media: mediaInfo({ hasVideo: false }),
      speech: timeline.speech,
      speechCard,
    })
    await writeClipResults(
      audio,
      clipContext({
        clipId: 'a',
        media: mediaInfo({ hasVideo: false }),
        faceCard: null,
        variables: { status: 'pilot' },
      }),
      folder,
      NO_EXPORTS,
    )
    await writeFolderResults([done('b'), failed, done('a'), done('lost')], folder, FOLDER)
    return folder
  }

  it('hold a row for each clip and subject, in the order given, failed ones too', async () => {
    const folder = await sampleFolder()
    const rows = await table(folder, 'summary.csv')
    expect(rows.map(({ clip_id, subject_id, status }) => [clip_id, subject_id, status])).toEqual([
      ['b', 'face_1', 'ok'],
      ['b', 'face_2', 'ok'],
      ['broken', '', 'error'],
      ['a', '', 'ok'],
      ['lost', '', 'error'],
    ])
    expect(rows[0]).toMatchObject({
      n_frames: '250',
      fps_nominal: '25.000000',
      is_vfr: '0',
      var_status: '',
      group: "'=1",
    })
    expect(rows[3]).toMatchObject({
      fps_nominal: '',
      is_vfr: '',
      face_coverage: '',
      var_status: 'pilot',
      age: '',
    })
    expect(rows[2]).toMatchObject({
      error: 'no media in file, at all: /data/broken.mp4',
      duration_s: '',
      analysed_at: '',
    })
    expect(
      (await table(folder, 'errors.csv')).map(({ clip_id, code, what_to_do }) => [clip_id, code, what_to_do]),
    ).toEqual([
      ['broken', 'media.not-media', whatToDo('media.not-media')],
      ['lost', 'data.invalid', whatToDo('data.invalid')],
    ])
  })

  it('have the columns of summary.csv in the order of the format', async () => {
    const folder = await sampleFolder()
    const [header = []] = parseCsv(await read(folder, 'summary.csv'))
    const statistics = ['face', 'speech', 'fusion'].flatMap((modality) =>
      ['mean', 'prop', 'bouts', 'total_s', 'latency_s'].flatMap((kind) =>
        EMOTIONS.map((emotion) => `${modality}_${kind}_${emotion}`),
      ),
    )
    expect(header).toEqual([
      ...'clip_id,file_name,sha256,subject_id,age,group,var_status'.split(','),
      ...'duration_s,fps_nominal,is_vfr,n_frames,n_frames_analysed,face_coverage,speech_s,longest_gap_s,excluded_s,face_dominant,speech_dominant,fusion_dominant,final_dominant'.split(
        ',',
      ),
      ...statistics,
      ...'face_speech_agreement,n_edited_segments,status,error,app_version,face_model,speech_model,fusion_method,analysed_at'.split(
        ',',
      ),
    ])
    expect(new Set(header).size).toBe(header.length)
  })

  it('agree with the tables of the clip', async () => {
    const folder = await sampleFolder()
    const [summary] = await table(folder, 'summary.csv')
    const frames = (await table(folder, 'b.frames.csv')).filter(({ face_id }) => face_id === '1')
    const weights = frames.map(({ dur_s }) => Number(dur_s))
    const total = weights.reduce((a, b) => a + b, 0)
    const segments = (await table(folder, 'b.segments.csv')).filter(
      ({ modality, face_id }) => modality === 'face' && face_id === '1',
    )
    for (const emotion of EMOTIONS) {
      const mean =
        frames.reduce((sum, row, at) => sum + Number(row[`face_p_${emotion}`]) * (weights[at] ?? 0), 0) /
        total
      expect(Number(summary?.[`face_mean_${emotion}`])).toBeCloseTo(mean, 5)
      const labelled = frames.reduce(
        (sum, row, at) => sum + (row.face_label === emotion ? (weights[at] ?? 0) : 0),
        0,
      )
      expect(Number(summary?.[`face_prop_${emotion}`])).toBeCloseTo(labelled / total, 5)
      const own = segments.filter(({ label }) => label === emotion)
      expect(Number(summary?.[`face_bouts_${emotion}`])).toBe(own.length)
      expect(Number(summary?.[`face_total_s_${emotion}`])).toBeCloseTo(
        own.reduce((sum, { duration_s }) => sum + Number(duration_s), 0),
        5,
      )
      expect(summary?.[`face_latency_s_${emotion}`]).toBe(own[0]?.start_s ?? '')
    }
  })

  it('hold the time budget by modality and emotion for what was read', async () => {
    const folder = await sampleFolder()
    const rows = await table(folder, 'summary_long.csv')
    expect(rows.filter(({ clip_id }) => clip_id === 'b')).toHaveLength(2 * 3 * 7)
    expect(rows.filter(({ clip_id }) => clip_id === 'a').map(({ modality }) => modality)).not.toContain(
      'face',
    )
    for (const row of rows.filter(({ n_bouts }) => n_bouts === '0'))
      expect([row.mean_s, row.sd_s, row.min_s, row.latency_s]).toEqual(['', '', '', ''])
  })

  it('describe every column that is written, and none else', async () => {
    const folder = await sampleFolder()
    await writeClipResults(timeline, clipContext({ clipId: 'all' }), folder, ALL_EXPORTS)
    const features = featuresCsv(
      (async function* () {
        yield FEATURE_COLUMNS.map(() => 0)
      })(),
    )
    await writeAtomic(join(folder, 'all.features.csv'), features)
    const dictionary = await table(folder, 'data_dictionary.csv')
    for (const row of dictionary) expect([row.meaning, row.type].every((cell) => cell !== '')).toBe(true)
    const files = new Set(dictionary.map(({ file }) => file ?? ''))
    const written = (await readdir(folder)).filter((name) => name.endsWith('.csv'))
    const seen = new Set<string>()
    for (const name of written) {
      const file = files.has(name) ? name : name.replace(/^(all|a|b)\./, '*.')
      seen.add(file)
      const described = dictionary.filter((row) => row.file === file)
      const [header] = parseCsv(await read(folder, name))
      expect(described.map(({ column }) => column)).toEqual(header)
      expect(described.map(({ position }) => Number(position))).toEqual(header?.map((_, place) => place + 1))
    }
    expect(seen).toEqual(files)
  })

  it('quote what was done in METHODS.txt', async () => {
    const folder = await sampleFolder()
    const text = await read(folder, 'METHODS.txt')
    for (const part of [
      '2 clips (0.3 min in total; 2 further clips could not be read)',
      'Unmask 0.1.0',
      'were analysed automatically with Unmask 0.1.0 (backend wasm; node',
      'Faces were detected (detector: tiny 224) and tracked',
      '"Face model for tests" (face-test; weights sha256 aaaaaaaaaaaa...',
      'The card of the face model states as its training data: "synthetic".',
      'windows of 2.5 s every 0.25 s',
      'calm was counted as neutral',
      'no shorter than 0.3 s',
      'Kittler',
      'Test, A. (2020)',
    ])
      expect(text).toContain(part)
    expect(text).not.toMatch(/undefined|null|NaN/)
    // The audio clip has no face model, which is no difference in method.
    expect(text).not.toContain('differ in')
    const other = clipContext({ clipId: 'c', appVersion: '0.2.0' }, { segments: { minimumSecs: 0.5 } })
    await writeClipResults(timeline, other, folder, NO_EXPORTS)
    await writeFolderResults([done('b'), done('c')], folder, FOLDER)
    expect(await read(folder, 'METHODS.txt')).toContain('differ in settings, version of Unmask.')
    await writeFolderResults([failed], folder, FOLDER)
    expect(await read(folder, 'METHODS.txt')).toContain('No clip was labelled')
  })
})
