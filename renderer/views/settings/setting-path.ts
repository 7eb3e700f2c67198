import type { SettingsPatch } from '../../../preload/contract/settings'
import { type NumberRange, type RangedSetting, rangeOf } from '../../../preload/contract/settings-ranges'
import { t } from '../../strings'

/** What lies at "analysis.speech.hopSecs" in a tree. */
export function valueAt(tree: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, step) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined,
      tree,
    )
}

/** The change that puts one value there. */
export function patchAt(path: string, value: unknown): SettingsPatch {
  return path.split('.').reduceRight<unknown>((inner, step) => ({ [step]: inner }), value) as SettingsPatch
}

/** Reads what was typed. @returns the number, or why it cannot be taken, in words */
export function readNumber(path: RangedSetting, typed: string): number | string {
  const range: NumberRange = rangeOf(path)
  const text = typed.trim()
  const value = Number(text.replace(',', '.'))
  const isInside = Number.isFinite(value) && value >= range.min && value <= range.max
  if (text !== '' && isInside && (!range.isWhole || Number.isInteger(value))) return value
  const words = { min: range.min, max: range.max, unit: range.unit ?? '' }
  return t(range.isWhole ? 'settings.refused.whole' : 'settings.refused.range', words).trim()
}
