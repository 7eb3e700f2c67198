import type { BatchEvent } from '../../engine/batch/run-batch'
import { BatchMeter, type BatchView, formatDuration } from './batch-view'
import { visible } from './visible'
import { describeEnd, describeFailure } from './wording'

/** A sign of life this often in a log file, for clips that take long. */
const HEARTBEAT_SECS = 15

/** For logs and pipes: a plain line for each thing that happened. */
export function createLinesView(write: (line: string) => void, nowMs = () => performance.now()): BatchView {
  const meter = new BatchMeter(nowMs)
  let lastLineMs = nowMs()
  const say = (line: string) => {
    lastLineMs = nowMs()
    write(`${visible(line)}\n`)
  }
  const onEvent = (event: BatchEvent) => {
    meter.onEvent(event)
    const count = `[${meter.settled}/${meter.clips}]`
    switch (event.type) {
      case 'start':
        say(
          `${event.clips} clip${event.clips === 1 ? '' : 's'} to label` +
            (event.skipped > 0 ? `, ${event.skipped} done before` : '') +
            (event.jobs > 1 ? `, ${event.jobs} at a time` : ''),
        )
        return
      case 'clip-progress':
        if (nowMs() - lastLineMs > HEARTBEAT_SECS * 1000)
          say(
            `${count} ${event.clipId}: ${event.progress.stage} ${Math.round((event.progress.fraction ?? 0) * 100)}%, ` +
              `${meter.framesPerSec.toFixed(0)} frames/s, ${formatDuration(meter.remainingSecs)} left`,
          )
        return
      case 'clip-start':
        return
      case 'clip-done': {
        const { frames, wallSecs, warnings } = event.outcome
        const rate = frames > 0 && wallSecs > 0 ? `, ${(frames / wallSecs).toFixed(0)} frames/s` : ''
        say(`${count} ${event.clipId}: ${frames} frames in ${wallSecs.toFixed(1)} s${rate}`)
        for (const warning of warnings) say(`${count} ${event.clipId}: ${warning}`)
        return
      }
      case 'clip-failed':
        say(`${count} ${describeFailure(event.failed)}`)
        return
      case 'end':
        say(describeEnd(event, meter))
        return
    }
  }
  return { onEvent, note: say, stop: () => undefined }
}
