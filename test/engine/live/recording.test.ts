import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { liveHeader } from '../../../main/engine/live/live-csv'
import { LiveRecording } from '../../../main/engine/live/recording'
import { probe } from '../../../main/engine/media/probe'
import { remux } from '../../../main/engine/media/remux'
import { repositoryRoot } from '../../support/run-unmask'
import { tempFolder } from '../../support/temp-folder'

const sampleFolder = join(repositoryRoot, 'assets', 'sample')
const sample = join(
  sampleFolder,
  readdirSync(sampleFolder).find((name) => name.endsWith('.mp4'))!,
)

/** The sample as it might come from a recorder: in pieces. */
async function pieces(): Promise<Uint8Array[]> {
  const whole = await readFile(sample)
  return [whole.subarray(0, 1000), whole.subarray(1000, 30_000), whole.subarray(30_000)]
}

describe('LiveRecording', () => {
  it('puts pieces and rows together under their names', async () => {
    const folder = join(await tempFolder(), 'recordings')
    const recording = await LiveRecording.open({ folder, name: 'take', container: 'mp4' })
    for (const bytes of await pieces()) void recording.addMedia(bytes)
    await recording.addRows('1,2\n3,4\n')
    expect((await readdir(folder)).sort()).toEqual(['take.live.csv.unmask-tmp', 'take.part.mp4'])
    expect(await recording.finish(true)).toEqual({ fileName: 'take.mp4', rows: 2 })
    expect((await readdir(folder)).sort()).toEqual(['live_dictionary.csv', 'take.live.csv', 'take.mp4'])
    expect(await readFile(join(folder, 'take.live.csv'), 'utf8')).toBe(`${liveHeader()}1,2\n3,4\n`)
    const dictionary = (await readFile(join(folder, 'live_dictionary.csv'), 'utf8')).trimEnd().split('\n')
    const described = dictionary.slice(1).map((line) => line.split(',')[1])
    expect(described).toEqual(liveHeader().trimEnd().split(','))
    const [before, after] = [await probe(sample), await probe(join(folder, 'take.mp4'))]
    expect(after.video?.widthPx).toBe(before.video?.widthPx)
    expect(after.durationSecs).toBeCloseTo(before.durationSecs!, 1)
  })

  it('leaves nothing of a recording that is not wanted or has nothing in it', async () => {
    const folder = await tempFolder()
    const unwanted = await LiveRecording.open({ folder, name: 'a', container: 'webm' })
    await unwanted.addMedia(new Uint8Array(10))
    expect(await unwanted.finish(false)).toBeNull()
    const empty = await LiveRecording.open({ folder, name: 'b', container: 'webm' })
    expect(await empty.finish(true)).toBeNull()
    expect(await readdir(folder)).toEqual([])
  })

  it('keeps what came when it cannot be put into a file', async () => {
    const folder = await tempFolder()
    const recording = await LiveRecording.open({ folder, name: 'broken', container: 'webm' })
    await recording.addMedia(new Uint8Array(5000).fill(7))
    await expect(recording.finish(true)).rejects.toMatchObject({ code: 'media.decode-failed' })
    expect(await readdir(folder)).toContain('broken.part.webm')
    expect(await readdir(folder)).not.toContain('broken.webm')
  })

  it('overwrites nothing', async () => {
    const folder = await tempFolder()
    await writeFile(join(folder, 'take.part.webm'), 'of an earlier crash')
    await expect(LiveRecording.open({ folder, name: 'take', container: 'webm' })).rejects.toMatchObject({
      code: 'output.unwritable',
    })
    expect(await readFile(join(folder, 'take.part.webm'), 'utf8')).toBe('of an earlier crash')
  })

  it('says where it cannot write', async () => {
    const folder = await tempFolder()
    await writeFile(join(folder, 'file'), '')
    await expect(
      LiveRecording.open({ folder: join(folder, 'file', 'inside'), name: 'a', container: 'webm' }),
    ).rejects.toMatchObject({ code: 'output.unwritable' })
  })
})

describe('remux', () => {
  it('gives the same streams a length', async () => {
    const folder = await tempFolder()
    await mkdir(folder, { recursive: true })
    const copy = join(folder, 'copy.mkv')
    await remux(sample, copy)
    const [before, after] = [await probe(sample), await probe(copy)]
    expect(after.video?.codec).toBe(before.video?.codec)
    expect(after.audio?.codec).toBe(before.audio?.codec)
    expect(after.durationSecs).toBeCloseTo(before.durationSecs!, 1)
    await rm(copy)
  })

  it('names the file that it cannot read', async () => {
    const folder = await tempFolder()
    const source = join(folder, 'rubbish.webm')
    await writeFile(source, 'rubbish')
    await expect(remux(source, join(folder, 'copy.webm'))).rejects.toThrow(/rubbish\.webm/)
  })
})
