import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { UnmaskError } from '../../engine/errors'
import { writeAtomic } from '../../engine/export/atomic-file'
import { featuresCsv } from '../../engine/export/features-csv'
import { decodeAudio } from '../../engine/media/decode-audio'
import { probe } from '../../engine/media/probe'
import { FEATURE_SAMPLE_RATE_HZ, featureRows } from '../../engine/speech/feature-rows'
import { onInterrupt } from '../interrupt'

interface FeaturesFlags {
  readonly out?: string
  readonly force?: boolean
}

const EXAMPLES = `
Examples:
  unmask features clip.mp4                       to standard output
  unmask features clip.mp4 --out clip.features.csv

One row every 10 ms: 12 MFCC and log energy, their first and second differences, level, zero
crossings, spectral shape, loudness, F0 and whether there is speech. Absent values are empty.`

export function addFeaturesCommand(program: Command): void {
  program
    .command('features')
    .description('write the acoustic features of a clip as CSV, one row a frame')
    .argument('<clip>', 'a recording with sound')
    .option('-o, --out <file>', 'write to this file instead of standard output')
    .option('--force', 'write an existing file anew')
    .addHelpText('after', EXAMPLES)
    .action(async (clip: string, flags: FeaturesFlags) => {
      const interrupt = onInterrupt()
      try {
        await writeFeatures(clip, flags, interrupt.signal)
      } finally {
        interrupt.release()
      }
    })
}

async function writeFeatures(clip: string, flags: FeaturesFlags, signal: AbortSignal): Promise<void> {
  if (flags.out !== undefined && !flags.force && existsSync(flags.out))
    throw new UnmaskError('output.exists', `the file is there already; --force writes it anew: ${flags.out}`)
  const media = await probe(clip, { signal })
  if (!media.audio)
    throw new UnmaskError('media.no-streams', `there is no sound to take features of: ${clip}`)
  const damage: string[] = []
  const blocks = decodeAudio(media, {
    sampleRateHz: FEATURE_SAMPLE_RATE_HZ,
    signal,
    onDamage: (reason) => damage.push(reason),
  })
  const lines = featuresCsv(featureRows(blocks, { signal }))
  if (flags.out === undefined) await printLines(lines)
  else await writeAtomic(flags.out, lines)
  for (const reason of damage) process.stderr.write(`unmask: ${reason}\n`)
}

async function printLines(lines: AsyncIterable<string>): Promise<void> {
  let text = ''
  const flush = async () => {
    const chunk = text
    text = ''
    if (!process.stdout.write(chunk)) await new Promise((resolve) => process.stdout.once('drain', resolve))
  }
  for await (const line of lines) {
    text += line
    if (text.length > 1 << 16) await flush()
  }
  await flush()
}
