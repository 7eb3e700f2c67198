import { join } from 'node:path'
import { writeAtomic } from '../../export/atomic-file'
import type { SpeechCard } from '../../inference/card'
import { type SavedFile, saveNetwork } from '../training/save-network'
import { writeFolderWhole } from '../training/whole-folder'
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
 * @throws UnmaskError 'output.disk-full' | 'output.unwritable'; the files that were there before stay
 */
export async function saveSpeechModel(options: SaveModelOptions): Promise<SpeechCard> {
  const { trained, config } = options
  return writeFolderWhole(options.outFolder, 'card.json', async (stage) => {
    const files: SavedFile[] = []
    for (const { member, network } of trained) files.push(...(await saveNetwork(network, stage, member.name)))
    await writeAtomic(join(stage, 'config.json'), [`${JSON.stringify(config, null, 2)}\n`])
    const card = speechCard({
      ...options,
      members: trained.map(({ member, spec }) => ({
        topology: `${member.name}-model.json`,
        weight: member.weight,
        spec,
      })),
      parameterCount: trained.reduce((sum, { network }) => sum + network.countParams(), 0),
      files,
    })
    await writeAtomic(join(stage, 'card.json'), [`${JSON.stringify(card, null, 2)}\n`])
    return card
  })
}
