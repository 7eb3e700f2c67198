import { MultiBar, type SingleBar } from 'cli-progress'
import type { BatchEvent } from '../../engine/batch/run-batch'
import { BatchMeter, type BatchView, formatDuration } from './batch-view'
import { visible } from './visible'
import { describeEnd, describeFailure } from './wording'

const RESOLUTION = 1000
const NAME_WIDTH = 28

/** For a terminal: a bar for the batch and one for each clip in work. */
export function createBarsView(stream: NodeJS.WriteStream): BatchView {
  const bars = new MultiBar({
    stream,
    format: '{name} {bar} {percentage}% {info}',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    // The terminal's Ctrl-C belongs to the command.
    gracefulExit: false,
    emptyOnZero: true,
  })
  const meter = new BatchMeter()
  const clipBars = new Map<string, SingleBar>()
  let total: SingleBar | null = null

  const log = (line: string) => bars.log(`${visible(line)}\n`)
  const drawTotal = () =>
    total?.update(Math.round(meter.fraction * RESOLUTION), {
      name: pad(`${meter.settled}/${meter.clips} clips`),
      info: `${meter.framesPerSec.toFixed(0)} frames/s, ${formatDuration(meter.remainingSecs)} left`,
    })

  const onEvent = (event: BatchEvent) => {
    meter.onEvent(event)
    switch (event.type) {
      case 'start':
        if (event.clips > 0) total = bars.create(RESOLUTION, 0, { name: pad('batch'), info: '' })
        break
      case 'clip-start':
        clipBars.set(event.clipId, bars.create(RESOLUTION, 0, { name: pad(event.clipId), info: '' }))
        break
      case 'clip-progress': {
        const { stage, fraction } = event.progress
        clipBars.get(event.clipId)?.update(Math.round((fraction ?? 0) * RESOLUTION), {
          name: pad(event.clipId),
          info: `${stage}, ${meter.clipFramesPerSec(event.clipId).toFixed(0)} frames/s`,
        })
        break
      }
      case 'clip-done':
        removeBar(event.clipId)
        for (const warning of event.outcome.warnings) log(`${event.clipId}: ${warning}`)
        break
      case 'clip-failed':
        removeBar(event.failed.clipId)
        log(describeFailure(event.failed))
        break
      case 'end':
        bars.stop()
        stream.write(`${describeEnd(event, meter)}\n`)
        return
    }
    drawTotal()
  }

  const removeBar = (clipId: string) => {
    const bar = clipBars.get(clipId)
    if (bar) bars.remove(bar)
    clipBars.delete(clipId)
  }

  return {
    onEvent,
    note: (line) => (total ? log(line) : stream.write(`${visible(line)}\n`)),
    stop: () => bars.stop(),
  }
}

function pad(name: string): string {
  const short = [...name].length > NAME_WIDTH ? `${[...name].slice(0, NAME_WIDTH - 1).join('')}…` : name
  return short.padEnd(NAME_WIDTH)
}
