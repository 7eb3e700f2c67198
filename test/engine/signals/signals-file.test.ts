import { readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { SignalCollector } from '../../../main/engine/signals/collect-signals'
import { openSignalsFile, signalsFilePath, writeSignalsFile } from '../../../main/engine/signals/signals-file'
import { tempFolder } from '../../support/temp-folder'
import { syntheticSpeech } from '../speech/signals'

const MEDIA = { sizeBytes: 1234, modifiedMs: 1_700_000_000_000.5 }

async function writeOne() {
  const folder = await tempFolder()
  const collector = new SignalCollector()
  await collector.collect(
    (async function* () {
      yield { startSample: -160, samples: syntheticSpeech(6) }
    })(),
  )
  const path = signalsFilePath(join(folder, '.unmask-cache'), 'a clip')
  await writeSignalsFile(path, MEDIA, collector.levels, collector.signals.facts)
  return { folder, path, signals: collector.signals }
}

describe('signals in a file', () => {
  it('are what they were in memory, at every zoom', async () => {
    const { path, signals } = await writeOne()
    const file = await openSignalsFile(path, MEDIA)
    if (!file) throw new Error('not opened')
    onTestFinished(() => file.close())
    expect(file.signals.facts).toEqual(signals.facts)
    for (const maxColumns of [10, 77, 400, 4000])
      for (const [fromSecs, toSecs] of [
        [-1, 10],
        [1.23, 4.56],
        [5.99, 7],
      ] as const) {
        const range = { fromSecs, toSecs, maxColumns }
        expect(await file.signals.waveform(range)).toEqual(await signals.waveform(range))
        expect(await file.signals.logMel(range)).toEqual(await signals.logMel(range))
        expect(await file.signals.mfcc(range)).toEqual(await signals.mfcc(range))
      }
  })

  it('leave nothing else behind', async () => {
    const { folder } = await writeOne()
    expect(await readdir(join(folder, '.unmask-cache'))).toEqual(['a clip.signals'])
  })

  it.each([
    ['of another size', { ...MEDIA, sizeBytes: 1235 }],
    ['changed since', { ...MEDIA, modifiedMs: MEDIA.modifiedMs + 1 }],
  ])('are not those of a recording %s', async (_, media) => {
    const { path } = await writeOne()
    expect(await openSignalsFile(path, media)).toBeNull()
  })

  it('are ignored where the file is cut off, longer, foreign or absent', async () => {
    const { path } = await writeOne()
    const whole = await readFile(path)
    for (const length of [whole.length - 1, 400, 11, 3, 0]) {
      await writeFile(path, whole)
      await truncate(path, length)
      expect(await openSignalsFile(path, MEDIA)).toBeNull()
    }
    await writeFile(path, Buffer.concat([whole, Buffer.from('x')]))
    expect(await openSignalsFile(path, MEDIA)).toBeNull()
    const version = Buffer.from(whole)
    version.write('"version":9', whole.indexOf('"version":1'))
    await writeFile(path, version)
    expect(await openSignalsFile(path, MEDIA)).toBeNull()
    const broken = Buffer.from(whole)
    broken.write('{{', 12)
    await writeFile(path, broken)
    expect(await openSignalsFile(path, MEDIA)).toBeNull()
    await writeFile(path, 'clip_id,frame\n')
    expect(await openSignalsFile(path, MEDIA)).toBeNull()
    expect(await openSignalsFile(`${path}.none`, MEDIA)).toBeNull()
    await writeFile(path, whole)
    await (await openSignalsFile(path, MEDIA))?.close()
  })

  it('say when the disk takes no file', async () => {
    const folder = await tempFolder()
    await writeFile(join(folder, 'file'), '')
    const collector = new SignalCollector()
    await expect(
      writeSignalsFile(join(folder, 'file', 'x.signals'), MEDIA, collector.levels, collector.signals.facts),
    ).rejects.toMatchObject({ code: 'output.unwritable' })
  })
})
