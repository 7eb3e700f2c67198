import { readFusionCard } from '../engine/fusion/card'
import { chooseModel, modelFingerprint } from '../engine/inference/model-choice'
import { checkSpeechWindows } from '../engine/speech/window-plan'
import {
  type AnalysisSettings,
  analysisSettings,
  type AnalysisSettingsInput,
} from '../engine/timeline/settings'
import type { HostConfig } from './protocol'

/** What command and app ask for alike when they label; what is left out is the program's default. */
export interface LabelWish {
  readonly modelsFolder: string
  /** A path or an id. */
  readonly faceModel?: string
  readonly speechModel?: string
  readonly backend: HostConfig['backend']
  readonly detector: HostConfig['detector']
  readonly modalities?: AnalysisSettings['modalities']
  readonly framesPerSec?: AnalysisSettings['framesPerSec']
  readonly windowSecs?: number
  readonly hopSecs?: number
  readonly fusionMethod?: AnalysisSettings['fusion']['method']
  /** Any other settings; those above stand over them. */
  readonly settings?: AnalysisSettingsInput
}

/** What the analysis hosts are told, and what the results must have in common. */
export interface HostPlan {
  readonly host: HostConfig
  /** Model id -> checksums of its weights; the detector where faces are read. */
  readonly fingerprints: Record<string, string>
}

/**
 * What is asked for over the other settings over the parameters of the fusion's card.
 * @throws UnmaskError 'usage.invalid' naming the setting; 'model.bad-card'
 */
export async function planSettings(wish: LabelWish): Promise<AnalysisSettings> {
  const { settings = {}, modalities, framesPerSec, windowSecs, hopSecs, fusionMethod } = wish
  const card = await readFusionCard(wish.modelsFolder)
  return analysisSettings({
    ...settings,
    ...(modalities && { modalities }),
    ...(framesPerSec !== undefined && { framesPerSec }),
    speech: {
      ...settings.speech,
      ...(windowSecs !== undefined && { windowSecs }),
      ...(hopSecs !== undefined && { hopSecs }),
    },
    fusion: { ...card?.parameters, ...settings.fusion, ...(fusionMethod && { method: fusionMethod }) },
  })
}

/**
 * Chooses the models that the modalities need.
 * @throws UnmaskError 'model.not-found' | 'model.bad-card' | 'usage.invalid' where the speech model takes no such windows
 */
export async function planHost(
  wish: LabelWish,
  settings: Pick<AnalysisSettings, 'modalities' | 'speech'>,
  appVersion: string,
): Promise<HostPlan> {
  const { modelsFolder, backend, detector } = wish
  const { modalities } = settings
  const needsFace = modalities.includes('face') || modalities.includes('fusion')
  const needsSpeech = modalities.includes('speech') || modalities.includes('fusion')
  const face = needsFace ? await chooseModel(modelsFolder, 'face-emotion', wish.faceModel) : null
  const speech = needsSpeech ? await chooseModel(modelsFolder, 'speech-emotion', wish.speechModel) : null
  if (speech) checkSpeechWindows(speech.card, settings.speech)
  const used = [face, speech].filter((model) => model !== null)
  return {
    host: {
      backend,
      faceModelFolder: face?.folder ?? null,
      speechModelFolder: speech?.folder ?? null,
      detector,
      appVersion,
    },
    fingerprints: {
      ...Object.fromEntries(used.map(({ card }) => [card.id, modelFingerprint(card)])),
      ...(face && { detector }),
    },
  }
}

/** Decoding already keeps a second core busy, and each host holds its own models. */
export function defaultJobs(cores: number): number {
  return Math.max(1, Math.floor(cores / 2))
}

/** How many hosts there are for so many clips, and threads for each. */
export function shareCores(
  cores: number,
  clips: number,
  wantedJobs: number | null | undefined,
): { jobs: number; threads: number } {
  const jobs = Math.min(wantedJobs ?? defaultJobs(cores), Math.max(1, clips))
  return { jobs, threads: Math.max(1, Math.floor(cores / jobs)) }
}
