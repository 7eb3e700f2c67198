import type { ClipJob, ClipOutcome, ClipProgress } from './clip-job'

/** Something that labels clips one at a time, apart from the batch: an analysis host in a process of its own. */
export interface ClipWorker {
  /** False once it died or hung: the batch replaces it. */
  readonly isUsable: boolean
  /**
   * Labels a clip and writes its files.
   * @throws UnmaskError, with a `stage` property where the stage is known; 'cancelled' after the signal
   */
  label(
    job: ClipJob,
    options: { signal?: AbortSignal; onProgress: (progress: ClipProgress) => void },
  ): Promise<ClipOutcome>
  close(): Promise<void>
}
