import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { analyseClip } from '../../main/engine/analyse-clip'
import type { ClipProgress } from '../../main/engine/batch/clip-job'
import { type ClipModels, openClipModels } from '../../main/engine/clip-models'
import { openBackend } from '../../main/engine/inference/backend'
import { chooseModel } from '../../main/engine/inference/model-choice'
import { probe } from '../../main/engine/media/probe'
import type { MediaInfo } from '../../main/engine/media/types'
import { analysisSettings } from '../../main/engine/timeline/settings'
import { makeClip } from '../support/media-fixtures'
import { repositoryRoot } from '../support/run-unmask'
import { tempFolder } from '../support/temp-folder'

const modelsFolder = join(repositoryRoot, 'models')
let models: ClipModels

beforeAll(async () => {
  await openBackend('wasm')
  models = await openClipModels({
    faceModelFolder: (await chooseModel(modelsFolder, 'face-emotion')).folder,
    speechModelFolder: (await chooseModel(modelsFolder, 'speech-emotion')).folder,
    detector: 'tiny',
  })
})

/** H.264 with uncompressed sound: whatever bytes stand in the file, the sound decodes. */
async function makeMov(): Promise<MediaInfo> {
  const path = join(await tempFolder(), 'clip.mov')
  await makeClip({ path, video: { frames: 20 }, audio: { kind: 'tone', durationSecs: 0.8 } })
  return probe(path)
}

/** Overwrites all pictures and sound; the header stays whole. */
async function spoilContent({ path }: MediaInfo): Promise<void> {
  const bytes = await readFile(path)
  const start = bytes.indexOf('mdat') + 4
  const header = bytes.indexOf('moov', start)
  bytes.fill(0xff, start, header < 0 ? bytes.length : header - 4)
  await writeFile(path, bytes)
}

describe('analyseClip', () => {
  it('reports progress that always moves on, stage by stage', async () => {
    const info = await makeMov()
    const seen: ClipProgress[] = []
    await analyseClip({
      media: info,
      models,
      settings: analysisSettings(),
      onProgress: (step) => seen.push(step),
    })
    expect(seen.map(({ stage }) => stage)).toEqual([...seen.map(({ stage }) => stage)].sort().reverse())
    for (const [index, step] of seen.slice(1).entries())
      expect(JSON.stringify(step)).not.toBe(JSON.stringify(seen[index]))
    expect(seen.filter(({ stage }) => stage === 'speech').every(({ frames }) => frames === 0)).toBe(true)
    expect(seen.at(-1)).toMatchObject({ stage: 'face', frames: 20 })
  })

  it('keeps the voice of a clip whose pictures cannot be decoded, and says so', async () => {
    const info = await makeMov()
    await spoilContent(info)
    const { timeline, damage } = await analyseClip({ media: info, models, settings: analysisSettings() })
    expect(timeline.rowSource).toBe('speech-hop')
    expect(timeline.speech?.span.endSecs).toBeGreaterThan(0.7)
    expect(damage.join('\n')).toMatch(/^video: /m)
  })

  it('is an error of the clip when nothing asked for can be decoded', async () => {
    const info = await makeMov()
    await spoilContent(info)
    const settings = analysisSettings({ modalities: ['face'] })
    await expect(
      analyseClip({ media: info, models: { ...models, speech: null }, settings }),
    ).rejects.toMatchObject({
      code: 'media.decode-failed',
    })
  })
})
