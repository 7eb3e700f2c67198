import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { tf } from '../../inference/tf'
import { writeBytesAtomic } from '../../export/write-bytes'

export interface SavedFile {
  readonly name: string
  readonly sha256: string
}

/**
 * Writes a network as a TensorFlow.js layers model: model.json and weights.bin, or NAME-model.json and
 * NAME-weights.bin.
 * @returns the files with their hashes for the card, the topology first
 */
export async function saveNetwork(
  network: tf.LayersModel,
  folder: string,
  stem?: string,
): Promise<SavedFile[]> {
  let saved: tf.io.ModelArtifacts | null = null
  await network.save(
    tf.io.withSaveHandler((artifacts) => {
      saved = artifacts
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } })
    }),
  )
  const { modelTopology, weightSpecs, weightData } = saved as unknown as tf.io.ModelArtifacts
  const weightsName = stem === undefined ? 'weights.bin' : `${stem}-weights.bin`
  const manifest = {
    format: 'layers-model',
    generatedBy: `TensorFlow.js tfjs-layers v${tf.version['tfjs-layers']}`,
    modelTopology,
    weightsManifest: [{ paths: [weightsName], weights: weightSpecs }],
  }
  const contents = [
    {
      name: stem === undefined ? 'model.json' : `${stem}-model.json`,
      bytes: Buffer.from(`${JSON.stringify(manifest)}\n`),
    },
    {
      name: weightsName,
      bytes: Buffer.concat([weightData ?? []].flat().map((part) => Buffer.from(part))),
    },
  ]
  for (const { name, bytes } of contents) await writeBytesAtomic(join(folder, name), bytes)
  return contents.map(({ name, bytes }) => ({
    name,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }))
}
