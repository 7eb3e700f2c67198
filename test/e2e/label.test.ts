import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeClip } from '../support/media-fixtures'
import { clipTables, hasLeftovers, readTable } from '../support/result-folder'
import { repositoryRoot, runUnmask } from '../support/run-unmask'
import { tempFolder } from '../support/temp-folder'

const sample = join(repositoryRoot, 'assets', 'sample')
const sampleId = 'ravdess-01-01-01-01-01-01-01'

describe('unmask label', () => {
  it('labels the sample clip: every promised file, a row a frame, a face and a voice', async () => {
    const out = join(await tempFolder(), 'results')
    const { code, stderr } = await runUnmask([
      'label',
      sample,
      '--out',
      out,
      '--long',
      '--eaf',
      '--textgrid',
      '--boris',
    ])
    expect(stderr).toContain('1 done')
    expect(code).toBe(0)
    expect((await readdir(out)).sort()).toEqual(
      [
        ...[
          'frames.csv',
          'speech.csv',
          'segments.csv',
          'meta.json',
          'long.csv',
          'eaf',
          'TextGrid',
          'boris',
        ].map((ending) => `${sampleId}.${ending}`),
        ...['boris-face.csv', 'boris-fusion.csv'].map((ending) => `${sampleId}.${ending}`),
        ...['summary.csv', 'summary_long.csv', 'errors.csv', 'data_dictionary.csv', 'METHODS.txt'],
        'unmask-journal.jsonl',
      ].sort(),
    )
    const frames = await readTable(out, `${sampleId}.frames.csv`)
    const [summary] = await readTable(out, 'summary.csv')
    expect(summary).toMatchObject({ clip_id: sampleId, status: 'ok', n_frames: String(frames.length) })
    expect(frames.length).toBeGreaterThan(60)
    expect(Number(summary?.face_coverage)).toBe(1)
    expect(Number(summary?.speech_s)).toBeGreaterThan(0.6)
    expect(frames.map(({ frame }) => Number(frame))).toEqual(frames.map((_, index) => index))
    expect(await readTable(out, 'errors.csv')).toEqual([])
    for (const modality of ['face', 'fusion']) {
      for (const row of frames) {
        const probs = Object.entries(row).filter(
          ([name]) => name.startsWith(`${modality}_p_`) && !name.endsWith('_s'),
        )
        expect(probs).toHaveLength(7)
        // Six decimals a value: seven roundings.
        expect(Math.abs(probs.reduce((sum, [, value]) => sum + Number(value), 0) - 1)).toBeLessThan(4e-6)
      }
    }
  })

  it('writes the same bytes again, and only with --force', async () => {
    const out = join(await tempFolder(), 'results')
    expect((await runUnmask(['label', sample, '--out', out])).code).toBe(0)
    const first = await clipTables(out)
    expect(Object.keys(first)).toHaveLength(3)
    const refused = await runUnmask(['label', sample, '--out', out])
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain('--resume')
    const resumed = await runUnmask(['label', sample, '--out', out, '--resume'])
    expect(resumed.code).toBe(0)
    expect(resumed.stderr).toContain('1 done before')
    const forced = await runUnmask(['label', sample, '--out', out, '--force'])
    expect(forced.code).toBe(0)
    expect(await clipTables(out)).toEqual(first)
  })

  it('gives every bad file a row and labels the good ones all the same', async () => {
    const folder = await tempFolder()
    const clips = join(folder, 'clips')
    const out = join(folder, 'results')
    await mkdir(clips)
    await makeClip({ path: join(clips, 'plain.mp4'), audio: { kind: 'tone' } })
    await makeClip({
      path: join(clips, 'voice.wav'),
      video: null,
      audio: { kind: 'silence', durationSecs: 2 },
    })
    await makeClip({ path: join(clips, 'mute.webm'), video: { frames: 12 } })
    await writeFile(join(clips, 'empty.mp4'), '')
    await writeFile(join(clips, 'text.mp4'), 'this is not media')
    await copyFile(join(clips, 'plain.mp4'), join(clips, 'PLAIN.mov'))
    await writeFile(join(clips, 'notes.txt'), 'not looked at')
    const missing = join(clips, 'gone.mp4')
    const { code, stdout } = await runUnmask(['label', clips, missing, '--out', out, '--json'])
    expect(code).toBe(1)
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string })
    expect(events.at(-1)).toMatchObject({ type: 'end', done: 4, failed: 3 })
    const errors = await readTable(out, 'errors.csv')
    expect(errors.map(({ clip_id, code: fault }) => [clip_id, fault])).toEqual([
      ['empty', 'input.empty'],
      ['gone', 'input.not-found'],
      ['text', 'media.not-media'],
    ])
    expect(errors.every(({ what_to_do }) => what_to_do !== '')).toBe(true)
    const summary = await readTable(out, 'summary.csv')
    expect(summary.map(({ clip_id, status }) => [clip_id, status])).toEqual([
      ['PLAIN_mov', 'ok'],
      ['empty', 'error'],
      ['gone', 'error'],
      ['mute', 'ok'],
      ['plain_mp4', 'ok'],
      ['text', 'error'],
      ['voice', 'ok'],
    ])
    const frames = await readTable(out, 'plain_mp4.frames.csv')
    expect(frames).toHaveLength(25)
    expect(frames.every(({ quality, face_p_neutral: p }) => quality === 'no_face' && p === '')).toBe(true)
    const voice = await readTable(out, 'voice.speech.csv')
    expect(voice.map(({ speech_active: active, speech_p_neutral: p }) => [active, p])).toEqual([['0', '']])
  })

  it('reads faces on a grid of frames with --fps, and still has a row for each frame', async () => {
    const out = join(await tempFolder(), 'results')
    expect((await runUnmask(['label', sample, '--out', out, '--fps', '5', '--modality', 'face'])).code).toBe(
      0,
    )
    const frames = await readTable(out, `${sampleId}.frames.csv`)
    const [summary] = await readTable(out, 'summary.csv')
    const read = frames.filter(({ quality }) => quality !== 'not_analysed')
    expect(Number(summary?.n_frames)).toBe(frames.length)
    expect(Number(summary?.n_frames_analysed)).toBe(read.length)
    const durationSecs = Number(frames.at(-1)?.time_s)
    expect(Math.abs(read.length - durationSecs * 5)).toBeLessThanOrEqual(1.5)
    expect(
      frames.filter(({ quality }) => quality === 'not_analysed').every((row) => row.face_p_neutral === ''),
    ).toBe(true)
  })

  it.each([
    { remark: 'no --out', args: ['label', sample], says: '--out' },
    { remark: 'no path', args: ['label', '--out', 'x'], says: 'path' },
    { remark: 'unknown option', args: ['label', sample, '--out', 'x', '--quick'], says: '--quick' },
    { remark: 'unknown modality', args: ['label', sample, '--out', 'x', '--modality', 'gait'], says: 'gait' },
    { remark: 'fps of nothing', args: ['label', sample, '--out', 'x', '--fps', '0'], says: '--fps' },
    { remark: 'jobs of nothing', args: ['label', sample, '--out', 'x', '--jobs', 'many'], says: '--jobs' },
    {
      remark: 'unknown backend',
      args: ['label', sample, '--out', 'x', '--backend', 'abacus'],
      says: 'abacus',
    },
    {
      remark: 'unknown model',
      args: ['label', sample, '--out', 'x', '--face-model', 'mona-lisa'],
      says: 'mona-lisa',
    },
    {
      remark: 'both resume and force',
      args: ['label', sample, '--out', 'x', '--resume', '--force'],
      says: '--resume',
    },
    {
      remark: 'settings that are none',
      args: ['label', sample, '--out', 'x', '--settings', 'package.json.missing'],
      says: '--settings',
    },
    { remark: 'a folder without media', args: ['label', 'models', '--out', 'x'], says: '--recursive' },
    {
      remark: 'a window longer than the network',
      args: ['label', sample, '--out', 'x', '--window', '60'],
      says: '60 s',
    },
    {
      remark: 'an --out that is a file',
      args: ['label', sample, '--out', 'package.json'],
      says: 'package.json',
    },
    { remark: 'unknown command', args: ['lable', sample], says: 'lable' },
  ])('exits with 2 and says what is wrong: $remark', async ({ args, says }) => {
    const { code, stderr } = await runUnmask(args)
    expect(stderr).toContain(says)
    expect(code).toBe(2)
  })

  it('refuses a model whose weights are not those of its card', async () => {
    const folder = await tempFolder()
    const from = join(repositoryRoot, 'models', 'face')
    const model = join(folder, 'face')
    await mkdir(model)
    for (const name of await readdir(from)) await copyFile(join(from, name), join(model, name))
    const weights = await readFile(join(model, 'weights.bin'))
    weights[1000] = (weights[1000] ?? 0) ^ 1
    await writeFile(join(model, 'weights.bin'), weights)
    const { code, stderr } = await runUnmask([
      'label',
      sample,
      '--out',
      join(folder, 'out'),
      '--face-model',
      model,
    ])
    expect(stderr).toContain('sha256')
    expect(code).toBe(2)
    expect(await readdir(folder)).not.toContain('out')
  })

  it('leaves no lock and no temporary file behind', async () => {
    const out = join(await tempFolder(), 'results')
    await runUnmask(['label', sample, '--out', out, '--fps', '2'])
    expect(await hasLeftovers(out)).toEqual([])
  })
})
