import { createHash } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { outputError, writeAtomic } from '../../export/atomic-file'
import type { SpeechCard } from '../../inference/card'
import { tf } from '../../inference/tf'
import { type CardOptions, speechCard } from './card-of-run'
import type { SpeechConfig } from './config'
import type { TrainedMember } from './train-member'

export interface SaveModelOptions extends Omit<CardOptions, 'members' | 'files' | 'parameterCount'> {
  readonly outFolder: string
  readonly trained: readonly TrainedMember[]
  readonly config: SpeechConfig
}

/**
 * Writes each member's topology and weights, the configuration and, last, the card with the hashes.
 * @returns the card
 * @throws UnmaskError 'output.disk-full' | 'output.unwritable'; each file appears whole or not at all
 */
export async function saveSpeechModel(options: SaveModelOptions): Promise<SpeechCard> {
  const { outFolder, trained, config } = options
  const files: { name: string; content: Buffer }[] = []
  for (const { member, network } of trained) files.push(...(await networkFiles(member.name, network)))
  for (const { name, content } of files) await replaceFile(outFolder, name, content)
  await writeAtomic(join(outFolder, 'config.json'), [`${JSON.stringify(config, null, 2)}\n`])
  const card = speechCard({
    ...options,
    members: trained.map(({ member, spec }) => ({
      topology: topologyName(member.name),
      weight: member.weight,
      spec,
    })),
    parameterCount: trained.reduce((sum, { network }) => sum + network.countParams(), 0),
    files: files.map(({ name, content }) => ({
      name,
      sha256: createHash('sha256').update(content).digest('hex'),
    })),
  })
  await writeAtomic(join(outFolder, 'card.json'), [`${JSON.stringify(card, null, 2)}\n`])
  return card
}

const topologyName = (member: string) => `${member}-model.json`

async function networkFiles(
  member: string,
  network: tf.LayersModel,
): Promise<{ name: string; content: Buffer }[]> {
  let saved: tf.io.ModelArtifacts | null = null
  await network.save(
    tf.io.withSaveHandler((artifacts) => {
      saved = artifacts
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } })
    }),
  )
  const { modelTopology, weightSpecs, weightData } = saved as unknown as tf.io.ModelArtifacts
  const weights = Buffer.concat([weightData ?? []].flat().map((part) => Buffer.from(part)))
  const weightsName = `${member}-weights.bin`
  const manifest = {
    format: 'layers-model',
    generatedBy: `TensorFlow.js tfjs-layers v${tf.version['tfjs-layers']}`,
    modelTopology,
    weightsManifest: [{ paths: [weightsName], weights: weightSpecs }],
  }
  return [
    { name: topologyName(member), content: Buffer.from(`${JSON.stringify(manifest)}\n`) },
    { name: weightsName, content: weights },
  ]
}

async function replaceFile(folder: string, name: string, content: Buffer): Promise<void> {
  const part = join(folder, `${name}.part`)
  try {
    await mkdir(folder, { recursive: true })
    await writeFile(part, content)
    await rename(part, join(folder, name))
  } catch (error) {
    await rm(part, { force: true })
    throw outputError(error, join(folder, name))
  }
}
