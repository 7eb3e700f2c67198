import type { BatchProgress, BatchQueue, RunningClip } from '../../../preload/contract/batch'
import type { ProjectClip } from '../../../preload/contract/project'

export type QueueGroup = 'running' | 'failed' | 'waiting' | 'done'

export interface QueueRow {
  readonly group: QueueGroup
  readonly clip: ProjectClip
  /** 1-based among the waiting clips; 0 elsewhere. */
  readonly place: number
  readonly running: RunningClip | null
}

/** The rows of the queue: under way first, then what failed and needs somebody, what waits, and what is done, latest first. */
export function queueRows(
  queue: BatchQueue,
  progress: BatchProgress,
  clips: ReadonlyMap<string, ProjectClip>,
): QueueRow[] {
  const rows: QueueRow[] = []
  // Queue and progress come one after the other: for a moment a clip may stand in both.
  const seen = new Set<string>()
  const add = (group: QueueGroup, tokens: readonly string[], running: readonly RunningClip[] = []) => {
    for (const [index, token] of tokens.entries()) {
      const clip = clips.get(token)
      if (!clip || seen.has(token)) continue
      seen.add(token)
      rows.push({
        group,
        clip,
        place: group === 'waiting' ? index + 1 : 0,
        running: running[index] ?? null,
      })
    }
  }
  add(
    'running',
    progress.running.map(({ token }) => token),
    progress.running,
  )
  add('failed', queue.failed)
  add('waiting', queue.waiting)
  add('done', [...queue.done].reverse())
  return rows
}
