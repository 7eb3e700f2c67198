import { readFileSync } from 'node:fs'
import { InvalidArgumentError } from 'commander'
import { UnmaskError } from '../engine/errors'
import type { AnalysisSettingsInput } from '../engine/timeline/settings'

export type ModalityName = 'face' | 'speech' | 'fusion'
const MODALITY_NAMES: readonly ModalityName[] = ['face', 'speech', 'fusion']

/** Parsers for option values. What they throw is shown by the command line with the option's name, and exits with 2. */

export function parseModalities(value: string): ModalityName[] {
  const names = value.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !MODALITY_NAMES.some((known) => known === name))
  if (unknown !== undefined || names.length === 0)
    throw new InvalidArgumentError(`"${unknown}" is none of ${MODALITY_NAMES.join(', ')}.`)
  return MODALITY_NAMES.filter((name) => names.includes(name))
}

export function parseFps(value: string): 'all' | number {
  if (value === 'all') return 'all'
  const fps = Number(value)
  if (!Number.isFinite(fps) || fps <= 0 || fps > 1000)
    throw new InvalidArgumentError('It is "all" or a number of frames a second above 0.')
  return fps
}

export function parseCount(value: string): number {
  const count = Number(value)
  if (!Number.isInteger(count) || count < 1 || count > 256)
    throw new InvalidArgumentError('It is a whole number from 1 to 256.')
  return count
}

export function parsePositiveSecs(value: string): number {
  const secs = Number(value)
  if (!Number.isFinite(secs) || secs <= 0 || secs > 86_400)
    throw new InvalidArgumentError('It is a number of seconds above 0.')
  return secs
}

/**
 * A JSON file with any part of the analysis settings (the `settings` object of a meta.json is one).
 * @throws UnmaskError 'usage.invalid' when it cannot be read or is not a JSON object
 */
export function readSettingsFile(path: string): AnalysisSettingsInput {
  let raw: unknown
  try {
    raw = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UnmaskError('usage.invalid', `--settings cannot be read (${reason}): ${path}`, { cause: error })
  }
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    throw new UnmaskError('usage.invalid', `--settings must hold a JSON object: ${path}`)
  return raw
}
