import type { BatchEvent, FailedClip } from '../../engine/batch/run-batch'
import { type BatchMeter, formatDuration } from './batch-view'

export function describeFailure(failed: FailedClip): string {
  return `${failed.clipId}: FAILED (${failed.fault.code}): ${failed.fault.message}`
}

export function describeEnd(event: Extract<BatchEvent, { type: 'end' }>, meter: BatchMeter): string {
  const parts = [`${event.done} done`]
  if (event.skipped > 0) parts.push(`${event.skipped} done before`)
  if (event.failed > 0) parts.push(`${event.failed} failed (see errors.csv)`)
  const head = event.isInterrupted ? 'interrupted' : 'finished'
  const tail = event.isInterrupted ? '; --resume goes on from here' : ''
  return `${head} after ${formatDuration(meter.elapsedSecs)}: ${parts.join(', ')}${tail}`
}
