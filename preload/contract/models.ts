import type { BackendName, BackendSetting } from './settings'

/** The models there are, how well they read, and what runs them. */

export type ModelTask = 'face-emotion' | 'speech-emotion' | 'fusion'

export interface ModelFigure {
  /** "accuracy", "UAR", "ECE" and so on. */
  readonly name: string
  readonly value: number
  /** 95% interval; null where it is not known. */
  readonly interval: readonly [number, number] | null
  /** Data, split, number of items and seeds. */
  readonly protocol: string
}

export interface ModelFile {
  readonly name: string
  readonly sha256: string
}

export interface ModelEntry {
  readonly id: string
  readonly task: ModelTask
  readonly title: string
  readonly description: string
  readonly licence: string
  readonly attribution: string
  readonly labels: readonly string[]
  /** What goes in, in words; null for the fusion, which has its parameters. */
  readonly input: string | null
  readonly training: {
    readonly data: string
    readonly split: string
    readonly seeds: readonly number[]
  } | null
  readonly calibration: { readonly temperature: number; readonly protocol: string } | null
  readonly fusion: {
    readonly method: 'product' | 'weighted-sum'
    readonly faceExponent: number
    readonly speechExponent: number
    /** Seven shares in canonical order. */
    readonly prior: readonly number[]
    readonly choice: string
  } | null
  readonly figures: readonly ModelFigure[]
  readonly files: readonly ModelFile[]
  /** Why its files cannot be used: changed or missing; null while they are as the card says. */
  readonly damage: string | null
  readonly command: string
  readonly commit: string
  /** Of a folder that the user added; false: it came with Unmask. */
  readonly isAdded: boolean
  /** Serves its task unless another is chosen. */
  readonly isDefault: boolean
}

export interface ModelList {
  readonly models: readonly ModelEntry[]
  /** Folders that hold no model that can be used, with the reason. */
  readonly problems: readonly string[]
}

export interface Epoch {
  /** From 1. */
  readonly epoch: number
  /** Nats; null where not measured. */
  readonly trainLoss: number | null
  /** Share 0..1; null where not measured. */
  readonly trainAccuracy: number | null
  readonly validationLoss: number | null
  readonly validationAccuracy: number | null
}

export interface Curves {
  readonly name: string
  readonly epochs: readonly Epoch[]
}

export interface Figure {
  readonly value: number
  readonly interval: readonly [number, number] | null
}

export interface ClassFigures {
  readonly label: string
  readonly support: number
  readonly recall: number | null
  readonly precision: number | null
  readonly f1: number | null
}

export interface ReliabilityBin {
  readonly low: number
  readonly high: number
  readonly count: number
  readonly confidence: number | null
  readonly accuracy: number | null
}

/** One evaluation: a classifier, a test set, a protocol. */
export interface Evaluation {
  readonly id: string
  readonly name: string
  readonly method:
    'landmark-geometry' | 'face-cnn' | 'speech-cnn' | 'decision-fusion' | 'concatenation-fusion' | 'other'
  readonly isHeadline: boolean
  /** False where the protocol flatters: never to be quoted. */
  readonly isProductFigure: boolean
  readonly modelId: string | null
  readonly protocol: string
  readonly notes: readonly string[]
  readonly labels: readonly string[]
  readonly count: number
  readonly groups: { readonly unit: string; readonly count: number }
  readonly accuracy: Figure
  readonly uar: Figure
  readonly macroF1: Figure
  readonly nll: Figure
  /** Expected calibration error over bins of equal width. */
  readonly ece: number
  readonly classes: readonly ClassFigures[]
  /** Counts; rows true, columns predicted, in the order of labels. */
  readonly confusion: readonly (readonly number[])[]
  readonly reliability: readonly ReliabilityBin[]
  readonly calibrationProtocol: string
  /** Mean and SD over runs that differ in their seed only. */
  readonly seeds: { readonly count: number; readonly mean: number; readonly sd: number } | null
  readonly perGroup: readonly { readonly group: string; readonly count: number; readonly accuracy: number }[]
}

export interface SamplePrediction {
  readonly id: string
  /** A data: address of a PNG picture. */
  readonly picture: string
  readonly label: string | null
  readonly majority: string | null
  readonly predicted: string
  readonly probability: number
  readonly isRight: boolean
}

export interface ReportSet {
  readonly title: string
  readonly command: string
  readonly commit: string
  readonly evaluations: readonly Evaluation[]
  readonly curves: readonly Curves[]
  /** Empty where the report was made without. */
  readonly samples: readonly SamplePrediction[]
}

export interface BackendCheck {
  readonly name: BackendName
  /** "TensorFlow 2.21.0 (CPU)" */
  readonly description: string
  readonly tfjsVersion: string
  readonly loadSecs: number
  /** Better ones that were tried and do not load, best first. */
  readonly refused: readonly { readonly name: BackendName; readonly reason: string }[]
}

export interface Diagnostics {
  readonly processor: string
  readonly cores: number
  readonly memoryGib: number
  readonly system: string
}

export interface ModelsRequests {
  listModels: { ask: null; answer: ModelList }
  /** Reports about a model, and the curves of its training. Empty where nothing was measured. */
  modelReports: { ask: { readonly id: string }; answer: readonly ReportSet[] }
  /** Every evaluation that stands in the table of all methods. */
  comparedReports: { ask: null; answer: readonly Evaluation[] }
  /** Asks for a folder that `unmask evaluate --out` made; null when the user picks none. */
  openReportFolder: { ask: null; answer: ReportSet | null }
  /** Asks for a folder with a model; null when the user picks none. */
  addModelFolder: { ask: null; answer: ModelEntry | null }
  /** Forgets a folder that was added; the folder stays. */
  removeModel: { ask: { readonly id: string }; answer: null }
  /** Starts it in a process of its own. Fails with 'backend.unavailable' where a named one does not load. */
  checkBackend: { ask: { readonly backend: BackendSetting }; answer: BackendCheck }
  diagnostics: { ask: null; answer: Diagnostics }
}

export const MODELS_REQUESTS = [
  'listModels',
  'modelReports',
  'comparedReports',
  'openReportFolder',
  'addModelFolder',
  'removeModel',
  'checkBackend',
  'diagnostics',
] as const satisfies readonly (keyof ModelsRequests)[]
