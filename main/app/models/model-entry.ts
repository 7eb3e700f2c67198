import type { ModelEntry, ModelFigure } from '../../../preload/contract/models'
import type { FusionCard } from '../../engine/fusion/card'
import type { ModelCard } from '../../engine/inference/card'
import { verifyModelFiles } from '../../engine/inference/model-folder'
import type { PlacedModel } from './model-places'

/** A model as the window shows it; every file is checked against its card. */
export async function modelEntry(model: PlacedModel, isDefault: boolean): Promise<ModelEntry> {
  const { card } = model
  return {
    ...shared(card),
    input: describeInput(card),
    training: { data: card.training.data, split: card.training.split, seeds: card.training.seeds },
    calibration: card.calibration,
    fusion: null,
    files: card.files,
    damage: await damageOf(model),
    isAdded: model.isAdded,
    isDefault,
  }
}

export function fusionEntry(card: FusionCard): ModelEntry {
  const { method, faceExponent, speechExponent, prior } = card.parameters
  return {
    ...shared(card),
    input: null,
    training: null,
    calibration: null,
    fusion: { method, faceExponent, speechExponent, prior, choice: card.choice.protocol },
    files: [],
    damage: null,
    isAdded: false,
    isDefault: true,
  }
}

function shared(card: ModelCard | FusionCard) {
  const { id, task, title, description, licence, attribution, labels, provenance } = card
  const figures = card.metrics.map(({ name, value, interval, protocol }): ModelFigure => ({
    name,
    value,
    interval: interval ?? null,
    protocol,
  }))
  return {
    id,
    task,
    title,
    description,
    licence,
    attribution,
    labels,
    figures,
    command: provenance.command,
    commit: provenance.commit,
  }
}

async function damageOf(model: PlacedModel): Promise<string | null> {
  try {
    await verifyModelFiles(model)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function describeInput(card: ModelCard): string {
  if (card.task === 'face-emotion') {
    const { widthPx, heightPx, colour } = card.input
    return `${widthPx} × ${heightPx} px, ${colour === 'grey' ? 'grey' : 'colour'}`
  }
  const { sampleRateHz, windowSecs, hopSecs } = card.input
  const coefficients = card.members.map((member) => member.coefficients).join(' and ')
  const networks = card.members.length === 1 ? '1 network' : `${card.members.length} networks`
  return `${sampleRateHz} Hz, windows of ${windowSecs} s every ${hopSecs} s, ${coefficients} coefficients, ${networks}`
}
