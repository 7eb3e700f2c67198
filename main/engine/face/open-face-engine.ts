import type { FaceCard } from '../inference/card'
import { type LoadedModel, loadFaceModel } from '../inference/registry'
import type { DetectorSettings, FaceDetector } from './detector'
import { FaceLandmarker } from './landmarks'
import { SsdDetector } from './ssd-detector'
import { TinyDetector } from './tiny-detector'

/** Everything the face analysis runs on. */
export interface FaceEngine {
  readonly detector: FaceDetector
  readonly landmarker: FaceLandmarker
  readonly model: LoadedModel<FaceCard>
  dispose(): void
}

export interface OpenFaceEngineOptions {
  /** Folder of the emotion model, with its card. */
  readonly modelFolder: string
  readonly detector: DetectorSettings
}

/**
 * Loads detector, landmarks and emotion model. The backend must be open.
 * @throws UnmaskError 'model.*' when a model is missing or damaged, 'usage.invalid' for bad detector settings
 */
export async function openFaceEngine(options: OpenFaceEngineOptions): Promise<FaceEngine> {
  const opened: { dispose(): void }[] = []
  const keep = <T extends { dispose(): void }>(part: T): T => {
    opened.push(part)
    return part
  }
  const dispose = (): void => opened.splice(0).forEach((part) => part.dispose())
  try {
    const model = keep(await loadFaceModel(options.modelFolder))
    const detector = keep(await openDetector(options.detector))
    const landmarker = keep(await FaceLandmarker.open())
    return { detector, landmarker, model, dispose }
  } catch (error) {
    dispose()
    throw error
  }
}

async function openDetector(settings: DetectorSettings): Promise<FaceDetector> {
  return settings.kind === 'ssd' ? SsdDetector.open(settings) : TinyDetector.open(settings)
}
