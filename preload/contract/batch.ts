/** Labelling many clips, as the window sees it. */

export type Modality = 'face' | 'speech' | 'fusion'
export type ExportName = 'long' | 'eaf' | 'textgrid' | 'boris' | 'landmarks' | 'bom'

/** What a researcher chooses for a batch; the command has a flag for each. */
export interface BatchChoices {
  readonly modalities: Modality[]
  readonly framesPerSec: 'all' | number
  readonly windowSecs: number
  readonly hopSecs: number
  readonly fusionMethod: 'product' | 'weighted-sum'
  readonly exports: Record<ExportName, boolean>
  /** Clips at a time; null: by cores. */
  readonly jobs: number | null
  readonly backend: 'auto' | 'tensorflow-gpu' | 'tensorflow' | 'wasm'
  readonly detector: 'tiny' | 'ssd'
  /** Ids of models; null: the program's defaults. */
  readonly faceModel: string | null
  readonly speechModel: string | null
  readonly stallSecs: number
}

export interface ModelName {
  readonly id: string
  readonly title: string
}

export interface BatchOffer {
  readonly choices: BatchChoices
  readonly faceModels: readonly ModelName[]
  readonly speechModels: readonly ModelName[]
  readonly cores: number
  readonly defaultJobs: number
  /** The folder of results has labelled clips already. */
  readonly hasResults: boolean
}

/**
 * idle: nothing waits. waiting: clips wait, nothing was begun in this session. starting: models are loaded. pausing: what runs is
 * finished, nothing more begins. paused: nothing runs, clips wait. stopping: what runs is stopped and put back. finished:
 * the queue was worked off.
 */
export type BatchPhase =
  'idle' | 'waiting' | 'starting' | 'running' | 'pausing' | 'paused' | 'stopping' | 'finished'

export type BatchStage = 'start' | 'probe' | 'hash' | 'speech' | 'face' | 'write'

export interface RunningClip {
  readonly token: string
  readonly stage: BatchStage
  /** Share of the whole clip, 0..1; null while its length is not known. */
  readonly fraction: number | null
  readonly framesPerSec: number | null
}

export interface BatchProgress {
  readonly running: readonly RunningClip[]
  /** Share of all clips of the batch by the length of their recordings, 0..1. */
  readonly fraction: number
  readonly framesPerSec: number | null
  readonly elapsedSecs: number
  /** Null while too little is done to tell. */
  readonly remainingSecs: number | null
}

export interface BatchQueue {
  readonly phase: BatchPhase
  /** Tokens in the order in which they will be labelled. */
  readonly waiting: readonly string[]
  readonly done: readonly string[]
  readonly failed: readonly string[]
  /** What runs the networks; null until it is known. */
  readonly backend: string | null
  /** Clips that an earlier session left waiting or under way; 0 once they were begun. */
  readonly restoredCount: number
  /** Why the batch had to stop. */
  readonly trouble: { readonly code: string; readonly message: string } | null
}

/** One way in which the results there differ from what is chosen now. */
export interface BatchDifference {
  /** version, backend, models, exports, or the name of a part of the analysis settings. */
  readonly name: string
  readonly before: string
  readonly now: string
}

export type BatchStart =
  | { readonly kind: 'started'; readonly clips: number }
  | {
      readonly kind: 'differs'
      readonly differences: readonly BatchDifference[]
      /** Labelled clips that would have to be labelled anew. */
      readonly doneCount: number
      /** Null where the old choices cannot be had any more, with the reason. */
      readonly keepRefusal: string | null
    }

export interface BatchRequests {
  batchOffer: { ask: null; answer: BatchOffer }
  batchQueue: { ask: null; answer: { readonly queue: BatchQueue; readonly progress: BatchProgress } }
  /** Puts clips at the end of the queue; null: every clip that is not done. */
  queueClips: { ask: { readonly tokens: readonly string[] | null }; answer: { readonly queued: number } }
  /**
   * Works the queue off. Where the results were made with other choices: 'ask' changes nothing and tells how they differ,
   * 'relabel' labels every clip anew, 'keep' goes on with the choices of the results.
   */
  startBatch: {
    ask: { readonly choices: BatchChoices; readonly onDifference: 'ask' | 'relabel' | 'keep' }
    answer: BatchStart
  }
  pauseBatch: { ask: null; answer: null }
  resumeBatch: { ask: null; answer: null }
  /** At once; what runs goes back to the front of the queue. */
  stopBatch: { ask: null; answer: null }
  /** Takes clips out of the queue; those that run are stopped at once. */
  cancelClips: { ask: { readonly tokens: readonly string[] }; answer: null }
  /** Queues clips that failed; null: all of them. */
  retryClips: { ask: { readonly tokens: readonly string[] | null }; answer: { readonly queued: number } }
  /** Moves waiting clips so that the first comes to stand at `index` among the others. */
  moveClips: { ask: { readonly tokens: readonly string[]; readonly index: number }; answer: null }
}

export const BATCH_REQUESTS = [
  'batchOffer',
  'batchQueue',
  'queueClips',
  'startBatch',
  'pauseBatch',
  'resumeBatch',
  'stopBatch',
  'cancelClips',
  'retryClips',
  'moveClips',
] as const satisfies readonly (keyof BatchRequests)[]

export interface BatchEvents {
  /** The queue or its state changed. */
  batchQueueChanged: BatchQueue
  /** At most some times a second while a batch runs. */
  batchProgressChanged: BatchProgress
}

export const BATCH_EVENTS = [
  'batchQueueChanged',
  'batchProgressChanged',
] as const satisfies readonly (keyof BatchEvents)[]
