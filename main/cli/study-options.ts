import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InvalidArgumentError } from 'commander'
import type { GivenWeights, KappaWeights, UnlabelledRule } from '../engine/agreement/types'
import { UnmaskError } from '../engine/errors'
import { parseCsv, parseTextCell } from '../engine/export/csv'
import { visible } from './views/visible'

/** Parsers of values that agree and stats share. What they throw names the option. */

export function parseToleranceSecs(value: string): number {
  const secs = Number(value)
  if (value.trim() === '' || !Number.isFinite(secs) || secs < 0 || secs > 60)
    throw new InvalidArgumentError('It is a number of seconds from 0 to 60.')
  return secs
}

export function parseUnlabelled(value: string): UnlabelledRule {
  if (value === 'category' || value === 'skip') return value
  throw new InvalidArgumentError('It is "category" or "skip".')
}

export function parseNames(value: string, before: readonly string[] = []): string[] {
  const names = value.split(',').map((name) => name.trim())
  if (names.some((name) => name === '')) throw new InvalidArgumentError('It is names separated by commas.')
  return [...before, ...names]
}

/**
 * "linear", "quadratic", or a CSV file: a header of labels, then a row each with its label and the credits.
 * @throws UnmaskError 'usage.invalid' naming file and line
 */
export function readWeights(value: string): KappaWeights {
  if (value === 'linear' || value === 'quadratic') return value
  let text: string
  try {
    text = readFileSync(value, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UnmaskError(
      'usage.invalid',
      `--weights is linear, quadratic or a table (${reason}): ${value}`,
      {
        cause: error,
      },
    )
  }
  return parseWeights(text, value)
}

export function parseWeights(text: string, path: string): GivenWeights {
  const [header = [], ...rows] = parseCsv(text).filter((cells) => cells.some((cell) => cell.trim() !== ''))
  const labels = header.slice(1).map(parseTextCell)
  const bad = (what: string): UnmaskError => new UnmaskError('usage.invalid', `--weights ${what}: ${path}`)
  const credit = labels.map((label) => {
    const place = rows.findIndex(([name = '']) => parseTextCell(name) === label)
    if (place < 0) throw bad(`has no row for ${label}`)
    return labels.map((other, column) => {
      const cell = rows[place]?.[column + 1]?.trim() ?? ''
      const value = cell === '' ? Number.NaN : Number(cell)
      if (value >= 0 && value <= 1) return value
      throw bad(
        `line ${place + 2}: the credit of ${label} and ${other} is "${cell}", not a number from 0 to 1`,
      )
    })
  })
  if (labels.length === 0) throw bad('has no labels in its first line')
  return { labels, credit }
}

/** @throws UnmaskError 'output.exists' naming what is there */
export function refuseToOverwrite(folder: string, names: readonly string[], force: boolean): void {
  if (force) return
  const there = names.filter((name) => existsSync(join(folder, name)))
  if (there.length === 0) return
  throw new UnmaskError(
    'output.exists',
    `there are tables already (${there.join(', ')}); --force writes them anew, or choose another --out: ${folder}`,
  )
}

export function complain(message: string): void {
  process.stderr.write(`unmask: ${visible(message)}\n`)
}
