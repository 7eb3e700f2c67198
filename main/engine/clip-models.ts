import type { DetectorKind } from './face/detector'
import { type FaceEngine, openFaceEngine } from './face/open-face-engine'
import { type LoadedSpeechModel, loadSpeechModel } from './inference/registry'

/** The networks that label clips, loaded once a process. */
export interface ClipModels {
  /** Null where faces were not asked for. */
  readonly face: FaceEngine | null
  /** Null where speech was not asked for. */
  readonly speech: LoadedSpeechModel | null
}

export interface ClipModelChoice {
  readonly faceModelFolder: string | null
  readonly speechModelFolder: string | null
  readonly detector: DetectorKind
}

/** The backend must be open. @throws UnmaskError 'model.*' */
export async function openClipModels(choice: ClipModelChoice): Promise<ClipModels> {
  const { faceModelFolder, speechModelFolder, detector } = choice
  const face =
    faceModelFolder === null
      ? null
      : await openFaceEngine({ modelFolder: faceModelFolder, detector: { kind: detector } })
  const speech = speechModelFolder === null ? null : await loadSpeechModel(speechModelFolder)
  return { face, speech }
}
