import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dataReportText } from '../../../../main/cli/views/data-report-text'
import { checkData } from '../../../../main/engine/learning/data/check-data'
import { laterSplit } from '../../../../main/engine/learning/data/check-items'
import type { DataReport, FindingKind } from '../../../../main/engine/learning/data/data-report'
import { requireTrainable } from '../../../../main/engine/learning/data/trainable'
import type { VoiceClip } from '../../../../main/engine/learning/data/voice-clip'
import { greyPng } from '../../../../main/engine/learning/evaluation/grey-png'
import { Random } from '../../../../main/engine/learning/random'
import { makeClip } from '../../../support/media-fixtures'
import { sharedData } from '../../../support/shared-data'
import { tempFolder } from '../../../support/temp-folder'

const finding = (report: DataReport, kind: FindingKind) => report.findings.filter((one) => one.kind === kind)

function noise(seed: number): Buffer {
  const random = new Random(seed)
  return greyPng(
    Uint8Array.from({ length: 48 * 48 }, () => random.below(256)),
    48,
    48,
  )
}

/** 16-bit mono WAV at 16 kHz. */
function wav(samples: readonly number[]): Buffer {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0, 'latin1')
  header.writeUInt32LE(36 + samples.length * 2, 4)
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(16000, 24)
  header.writeUInt32LE(32000, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36, 'latin1')
  header.writeUInt32LE(samples.length * 2, 40)
  const body = Buffer.alloc(samples.length * 2)
  samples.forEach((value, n) =>
    body.writeInt16LE(Math.max(-32768, Math.min(32767, Math.round(value * 32767))), n * 2),
  )
  return Buffer.concat([header, body])
}

const tone = (amplitude: number, hz: number, secs = 1) =>
  Array.from({ length: 16000 * secs }, (_, n) => amplitude * Math.sin((2 * Math.PI * hz * n) / 16000))

describe('checkData on pictures', () => {
  it('counts, and finds leaks, copies, contradictions, blanks, missing classes and broken files', async () => {
    const folder = await tempFolder()
    const put = async (name: string, contents: Buffer) => {
      await mkdir(join(folder, name, '..'), { recursive: true })
      await writeFile(join(folder, name), contents)
    }
    await put('train/angry/a.png', noise(1))
    await put('train/angry/b.png', noise(2))
    await put('train/happy/c.png', noise(2))
    await put('test/angry/d.png', noise(1))
    await put('test/happy/e.png', greyPng(new Uint8Array(48 * 48).fill(9), 48, 48))
    await put('test/happy/f.png', Buffer.from('broken'))
    const report = await checkData(folder)
    expect(report).toMatchObject({ form: 'picture-folder', items: 5, bySpeaker: [] })
    const anger = report.classes.indexOf('anger')
    expect(report.bySplit.map(({ name, total, counts }) => [name, total, counts[anger]])).toEqual([
      ['train', 3, 2],
      ['test', 2, 1],
    ])
    expect(finding(report, 'unreadable')).toMatchObject([{ severity: 'error' }])
    expect(finding(report, 'unreadable')[0]!.message).toContain('f.png')
    expect(finding(report, 'shared-items')).toMatchObject([{ severity: 'error', ids: ['test/angry/d.png'] }])
    expect(finding(report, 'duplicates')[0]!.ids).toHaveLength(2)
    expect(finding(report, 'conflicting-labels')[0]!.ids).toEqual(['train/angry/b.png', 'train/happy/c.png'])
    expect(finding(report, 'blank')).toMatchObject([{ severity: 'warning', ids: ['test/happy/e.png'] }])
    expect(finding(report, 'empty-class').map(({ message }) => message)).toEqual([
      'no neutral, sadness, fear, disgust, surprise in test',
      'no neutral, sadness, fear, disgust, surprise in train',
    ])
    const text = dataReportText(report)
    expect(text).toMatch(/^split +all +neutral +happiness/m)
    expect(text).toMatch(/^train +3 +0 +1 +0 +2/m)
    expect(text).toContain('ERROR  shared-items: 1 of split test stand in train too')
    expect(text).toContain('2 errors, 5 warnings')
  })

  it('names the later of two splits', () => {
    expect(laterSplit('Training', 'PublicTest')).toBe('PublicTest')
    expect(laterSplit('PrivateTest', 'PublicTest')).toBe('PrivateTest')
    expect(laterSplit('test', 'val')).toBe('test')
    expect(laterSplit('val', 'train')).toBe('val')
    expect(laterSplit('a', 'b')).toBe('b')
  })

  it('throws where nothing can be read', async () => {
    const folder = await tempFolder()
    await mkdir(join(folder, 'angry'))
    await writeFile(join(folder, 'angry', 'a.png'), 'no')
    await expect(checkData(folder)).rejects.toThrow(/no picture can be read/)
  })
})

describe('checkData on recordings', () => {
  it('finds silence, clipping, short and broken files, copies as other files, and speakers in two splits', async () => {
    const folder = await tempFolder()
    const files: Record<string, Buffer> = {
      'good.wav': wav(tone(0.5, 200)),
      'silent.wav': wav(tone(0, 200)),
      'clipped.wav': wav(tone(1.5, 200)),
      'short.wav': wav(tone(0.5, 300, 0.5)),
      'broken.wav': Buffer.from('RIFF'),
      'other.wav': wav(tone(0.5, 250)),
    }
    for (const [name, contents] of Object.entries(files)) await writeFile(join(folder, name), contents)
    await copyFile(join(folder, 'good.wav'), join(folder, 'copy.wav'))
    await makeClip({ path: join(folder, 'mute.mp4'), video: { frames: 5 } })
    await writeFile(
      join(folder, 'manifest.csv'),
      [
        'path,label,speaker,split',
        'good.wav,happy,Ann,train',
        'silent.wav,happy,Ann,train',
        'clipped.wav,sad,Bob,train',
        'short.wav,sad,Bob,train',
        'broken.wav,sad,Bob,train',
        'other.wav,happy,Ann,test',
        'copy.wav,sad,Cid,test',
        'mute.mp4,sad,Cid,test',
        'none.wav,sad,Cid,test',
        'other.wav,bored,Cid,test',
      ].join('\n'),
    )
    const progress: number[] = []
    const report = await checkData(folder, { onProgress: (done) => progress.push(done) })
    expect(progress.at(-1)).toBe(8)
    expect(report).toMatchObject({ form: 'manifest', items: 6, classes: ['happiness', 'sadness'] })
    expect(report.bySpeaker.map(({ name, counts }) => [name, ...counts])).toEqual([
      ['Ann', 3, 0],
      ['Bob', 0, 2],
      ['Cid', 0, 1],
    ])
    const messages = finding(report, 'unreadable').map(({ message }) => message)
    expect(messages).toHaveLength(4)
    expect(messages.filter((text) => /line 10: "none.wav" is not there/.test(text))).toHaveLength(1)
    expect(messages.filter((text) => /line 11: the label is "bored"/.test(text))).toHaveLength(1)
    expect(messages.filter((text) => text.includes('broken.wav'))).toHaveLength(1)
    expect(messages.filter((text) => /no sound.*mute\.mp4/.test(text))).toHaveLength(1)
    expect(finding(report, 'silent')[0]!.ids).toEqual(['silent.wav'])
    expect(finding(report, 'clipped')[0]!.ids).toEqual(['clipped.wav'])
    expect(finding(report, 'short')[0]!.ids).toEqual(['short.wav'])
    expect(finding(report, 'shared-items')[0]!.ids).toEqual(['copy.wav'])
    expect(finding(report, 'conflicting-labels')[0]!.ids).toEqual(['good.wav', 'copy.wav'])
    expect(finding(report, 'shared-speakers')).toMatchObject([
      { severity: 'error', ids: ['good.wav', 'silent.wav', 'other.wav'] },
    ])
  })

  const published = sharedData('ravdess-48k')
  it.skipIf(published === null)(
    'finds nothing in RAVDESS as published (skipped without ../shared/data)',
    async () => {
      const report = await checkData(published!)
      expect(report).toMatchObject({ form: 'ravdess', items: 8, findings: [] })
      expect(dataReportText(report)).toContain('Nothing is wrong.')
    },
  )
})

describe('requireTrainable', () => {
  const clips = (counts: Partial<Record<VoiceClip['label'], number>>): VoiceClip[] =>
    Object.entries(counts).flatMap(([label, count]) =>
      Array.from({ length: count }, (_, n) => ({
        path: `${label}${n}.wav`,
        id: `${label}${n}`,
        label: label as VoiceClip['label'],
        speaker: '',
        split: null,
      })),
    )

  it('accepts enough of each class', () => {
    expect(() =>
      requireTrainable(clips({ calm: 3, anger: 2 }), { minimumPerClass: 2, path: 'x' }),
    ).not.toThrow()
  })

  it('names what is missing in a data set of three rows', () => {
    expect(() => requireTrainable(clips({ calm: 2, anger: 1 }), { minimumPerClass: 2, path: 'x' })).toThrow(
      /3 items are too few.*anger 1/,
    )
    expect(() => requireTrainable(clips({ calm: 3 }), { minimumPerClass: 1, path: 'x' })).toThrow(/one class/)
  })

  it('wants all seven of faces unless told', () => {
    const set = {
      count: 2,
      sidePx: 1,
      pixels: new Uint8Array(2),
      labels: Int32Array.of(0, 1),
      votes: null,
      refusals: null,
      splits: ['', ''],
      ids: ['a', 'b'],
      speakers: null,
    }
    expect(() => requireTrainable(set, { minimumPerClass: 1, path: 'x' })).toThrow(/sadness 0, anger 0/)
    expect(() =>
      requireTrainable(set, { minimumPerClass: 1, classes: ['neutral', 'happiness'], path: 'x' }),
    ).not.toThrow()
  })
})
