import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { UnmaskError } from '../errors'
import { TEMPORARY_SUFFIX } from '../export/atomic-file'
import { makeFolder } from '../export/make-folder'
import type { LabelOptions } from './clip-job'
import { type LockOwner, takeLock } from './folder-lock'
import { JOURNAL_FILE } from './journal'

const LOCK_FILE = '.unmask.lock'

/** A results folder that this process alone writes to until it is released. */
export interface OutputFolder {
  readonly path: string
  release(): Promise<void>
}

/**
 * Creates the folder if need be, proves that it can be written, locks it against a second run and clears what a killed
 * run was in the middle of writing.
 * @throws UnmaskError 'output.unwritable' | 'output.disk-full' | 'output.exists' (another run is writing there)
 */
export async function openOutputFolder(path: string): Promise<OutputFolder> {
  try {
    await makeFolder(path)
    await takeLock(join(path, LOCK_FILE), lockedError)
  } catch (error) {
    throw asOutputError(error, path)
  }
  await removeTemporaries(path)
  return {
    path,
    release: async () => {
      // A host that was killed while it wrote leaves its halves behind.
      await removeTemporaries(path)
      await rm(join(path, LOCK_FILE), { force: true })
    },
  }
}

async function removeTemporaries(folder: string): Promise<void> {
  let names: string[]
  try {
    names = await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw asOutputError(error, folder)
  }
  for (const name of names) if (name.endsWith(TEMPORARY_SUFFIX)) await rm(join(folder, name), { force: true })
}

function lockedError({ pid, host }: LockOwner, lock: string): UnmaskError {
  return new UnmaskError(
    'output.exists',
    `another run (process ${pid} on ${host}) is writing there; wait for it or choose another --out, ` +
      `or delete its lock if you know that it has ended: ${lock}`,
  )
}

const FOLDER_FILES = [
  JOURNAL_FILE,
  'summary.csv',
  'summary_long.csv',
  'errors.csv',
  'data_dictionary.csv',
  'METHODS.txt',
]
const CLIP_ENDINGS = ['frames.csv', 'speech.csv', 'segments.csv', 'meta.json']
const OPTIONAL_ENDINGS = {
  long: ['long.csv'],
  eaf: ['eaf'],
  textgrid: ['TextGrid'],
  boris: ['boris', 'boris-face.csv', 'boris-fusion.csv'],
  landmarks: ['landmarks.csv'],
} as const

/**
 * Names in the folder that a run without --resume or --force must not touch: results of any clip, and whatever bears
 * the name of a file that this run would write (a hand-made NAME.eaf beside the recordings).
 */
export async function existingResults(
  folder: string,
  clipIds: Iterable<string>,
  exports: LabelOptions['exports'],
): Promise<string[]> {
  const optional = Object.entries(OPTIONAL_ENDINGS).flatMap(([name, endings]) =>
    exports[name as keyof typeof OPTIONAL_ENDINGS] ? endings : [],
  )
  // In small letters, because some file systems do not tell these from capitals.
  const written = new Set(FOLDER_FILES.map((name) => name.toLowerCase()))
  for (const clipId of clipIds)
    for (const ending of optional) written.add(`${clipId}.${ending}`.toLowerCase())
  let names: string[]
  try {
    names = await readdir(folder)
  } catch (error) {
    throw asOutputError(error, folder)
  }
  const isResult = (name: string): boolean =>
    written.has(name.toLowerCase()) || CLIP_ENDINGS.some((ending) => name.endsWith(`.${ending}`))
  return names.filter(isResult).sort()
}

function asOutputError(error: unknown, folder: string): UnmaskError {
  if (error instanceof UnmaskError) return error
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new UnmaskError('output.disk-full', `the disk of the results folder is full: ${folder}`, {
      cause: error,
    })
  const reason = error instanceof Error ? error.message : String(error)
  return new UnmaskError(
    'output.unwritable',
    `the results folder cannot be written (${reason}); choose another with --out: ${folder}`,
    { cause: error },
  )
}
