import { join, resolve } from 'node:path'
import { type SpeechConfig, readSpeechConfig } from '../../engine/learning/speech/config'
import type { Provenance } from '../../engine/learning/training/run-folder'
import type { AppPaths } from '../../host/app-paths'
import { currentCommit } from '../commit'
import { onInterrupt } from '../interrupt'
import { runWithKeptMemory } from '../kept-memory'

/** What a training command works with. */
export interface SpeechTrainingContext {
  readonly config: SpeechConfig
  readonly provenance: Provenance
  readonly cacheFolder: string
  readonly signal: AbortSignal
  readonly onMessage: (message: string) => void
}

interface SharedFlags {
  readonly config?: string
  readonly cache: string
  readonly epochs?: number
}

/** The configuration of the shipped model. */
const DEFAULT_CONFIG = ['models', 'speech', 'config.json']

/**
 * Runs a training command in a process that suits it, with Ctrl-C as the signal.
 * @param command as the card quotes it, without paths of this machine
 */
export async function withSpeechTraining(
  paths: AppPaths,
  flags: SharedFlags,
  command: string,
  work: (context: SpeechTrainingContext) => Promise<void>,
): Promise<void> {
  // The networks are small: one thread computes a step in about half the time that two take.
  process.env['TF_NUM_INTRAOP_THREADS'] ??= '1'
  process.env['OMP_NUM_THREADS'] ??= '1'
  const status = await runWithKeptMemory()
  if (status !== null) {
    process.exitCode = status
    return
  }
  const interrupt = onInterrupt()
  try {
    const file = flags.config === undefined ? join(paths.root, ...DEFAULT_CONFIG) : resolve(flags.config)
    const read = await readSpeechConfig(file)
    const config =
      flags.epochs === undefined ? read : { ...read, training: { ...read.training, epochs: flags.epochs } }
    await work({
      config,
      provenance: { command, commit: currentCommit(paths.root) },
      cacheFolder: resolve(flags.cache),
      signal: interrupt.signal,
      onMessage: (message) => process.stderr.write(`${message}\n`),
    })
  } finally {
    interrupt.release()
  }
}

export const defaultSpeechCache = (paths: AppPaths): string => join(paths.root, '.cache', 'speech')
