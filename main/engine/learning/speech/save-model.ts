import { createHash } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { tf } from '../../inference/tf'
import type { NetworkInputSpec } from '../../speech/network-input'
import { speechCard } from './card-of-run'
import type { SpeechClip } from './clip-features'
import type { ClipPrediction } from './predict-clips'
import { trainingReport } from './report-of-run'

export interface SaveModelOptions {
  readonly outFolder: string
  readonly spec: NetworkInputSpec
  readonly outOfFold: readonly ClipPrediction[]
  readonly trainingClips: readonly SpeechClip[]
  readonly seed: number
  readonly epochs: number
  readonly wallSecs: number
  readonly commit: string
  readonly command: string
}

/** Writes model.json, weights.bin, report.json with all out-of-fold predictions and, last, the card with hashes. */
export async function saveSpeechModel(network: tf.LayersModel, options: SaveModelOptions): Promise<void> {
  await mkdir(options.outFolder, { recursive: true })
  let saved: tf.io.ModelArtifacts | null = null
  await network.save(
    tf.io.withSaveHandler((artifacts) => {
      saved = artifacts
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } })
    }),
  )
  const { modelTopology, weightSpecs, weightData } = saved as unknown as tf.io.ModelArtifacts
  const weights = Buffer.concat([weightData ?? []].flat().map((part) => Buffer.from(part)))
  const manifest = {
    format: 'layers-model',
    generatedBy: `TensorFlow.js tfjs-layers v${tf.version['tfjs-layers']}`,
    modelTopology,
    weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }],
  }
  const model = Buffer.from(`${JSON.stringify(manifest)}\n`)
  const files = [
    { name: 'model.json', content: model },
    { name: 'weights.bin', content: weights },
  ]
  for (const { name, content } of files) await replaceFile(join(options.outFolder, name), content)
  const report = `${JSON.stringify(trainingReport(options, network))}\n`
  await replaceFile(join(options.outFolder, 'report.json'), report)
  const card = speechCard({
    ...options,
    parameterCount: network.countParams(),
    files: files.map(({ name, content }) => ({
      name,
      sha256: createHash('sha256').update(content).digest('hex'),
    })),
  })
  await replaceFile(join(options.outFolder, 'card.json'), `${JSON.stringify(card, null, 2)}\n`)
}

async function replaceFile(file: string, content: Buffer | string): Promise<void> {
  await writeFile(`${file}.part`, content)
  await rename(`${file}.part`, file)
}
