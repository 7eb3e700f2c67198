import type { Command } from 'commander'
import { toFault } from '../../engine/errors'
import { findMedia } from '../../engine/media/find-media'
import { probe } from '../../engine/media/probe'
import type { MediaInfo } from '../../engine/media/types'
import { EXIT } from '../exit-codes'
import { onInterrupt } from '../interrupt'
import { visible } from '../views/visible'

interface ProbeFlags {
  readonly recursive?: boolean
  readonly json?: boolean
}

const EXAMPLES = `
Examples:
  unmask probe clip.mp4           container, streams, frame rate, rotation, duration
  unmask probe folder --json      one line of JSON a file, for scripts`

export function addProbeCommand(program: Command): void {
  program
    .command('probe')
    .description('say what is in media files: streams, real frame rate, rotation, duration')
    .argument('<path...>', 'clips, or folders of clips')
    .option('-r, --recursive', 'look into folders inside the folders too')
    .option('--json', 'one line of JSON a file')
    .addHelpText('after', EXAMPLES)
    .action(async (inputs: string[], flags: ProbeFlags) => {
      const interrupt = onInterrupt()
      const { files, problems } = await findMedia(inputs, { recursive: flags.recursive === true })
      let failures = 0
      for (const { path, fault } of problems) {
        failures++
        report(flags, path, fault)
      }
      for (const path of files) {
        try {
          const info = await probe(path, { signal: interrupt.signal })
          process.stdout.write(flags.json ? `${JSON.stringify(info)}\n` : describe(info))
        } catch (error) {
          if (interrupt.signal.aborted) throw error
          failures++
          report(flags, path, toFault(error))
        }
      }
      interrupt.release()
      process.exitCode = failures > 0 ? EXIT.someFailed : EXIT.done
    })
}

function report(flags: ProbeFlags, path: string, fault: { code: string; message: string }): void {
  if (flags.json) process.stdout.write(`${JSON.stringify({ path, fault })}\n`)
  else process.stderr.write(`unmask: ${visible(fault.message)}\n`)
}

function describe(info: MediaInfo): string {
  const { video, audio } = info
  const secs = (value: number | null) => (value === null ? 'unknown' : `${value.toFixed(3)} s`)
  const fps = (value: number | null) => (value === null ? 'unknown' : value.toFixed(3))
  const lines = [
    visible(info.path),
    `  container  ${info.container}, ${secs(info.durationSecs)}, ${info.sizeBytes} bytes`,
  ]
  if (video) {
    lines.push(
      `  video      ${video.codec} ${video.widthPx}x${video.heightPx}, ${video.bitDepth} bit` +
        (video.rotationDegrees === 0 ? '' : `, turned ${video.rotationDegrees}°`),
      `  frames/s   nominal ${fps(video.nominalFps)}, measured ${fps(video.measuredFps)}` +
        (video.isVariableRate ? ', VARIABLE' : ''),
    )
  } else lines.push('  video      none')
  lines.push(
    audio
      ? `  audio      ${audio.codec} ${audio.sampleRateHz} Hz, ${audio.channels} channel${audio.channels === 1 ? '' : 's'}, ${secs(audio.durationSecs)}`
      : '  audio      none',
  )
  return `${lines.join('\n')}\n`
}
