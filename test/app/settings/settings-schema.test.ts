import { describe, expect, expectTypeOf, it } from 'vitest'
import {
  DEFAULT_COLOURS,
  defaultSettings,
  settingsSchema,
  valueAt,
} from '../../../main/app/settings/settings-schema'
import type { BackendChoice } from '../../../main/engine/inference/backend-choice'
import { type AnalysisSettings, analysisSettingsSchema } from '../../../main/engine/timeline/settings'
import type { AnalysisSetting, BackendSetting, SettingsPatch } from '../../../preload/contract/settings'
import { NUMBER_RANGES } from '../../../preload/contract/settings-ranges'
import { DEFAULT_EMOTION_COLOURS } from '../../../renderer/design/emotion-colours'
import { applyPatch } from '../../../main/app/settings/check-settings'

const defaults = defaultSettings(null)

describe('the contract of the settings', () => {
  it('has the types of the engine', () => {
    expectTypeOf<AnalysisSettings>().toEqualTypeOf<AnalysisSetting>()
    expectTypeOf<BackendChoice>().toEqualTypeOf<BackendSetting>()
  })

  it('has the palette of the window', () => {
    expect(DEFAULT_COLOURS).toEqual(DEFAULT_EMOTION_COLOURS)
  })

  it('has a range for every number, which holds the default', () => {
    expect(settingsSchema.safeParse(defaults).success).toBe(true)
    const ranged = Object.keys(NUMBER_RANGES)
    const numbers = numberPaths(defaults).filter((path) => !/formatVersion$/.test(path))
    expect(numbers.filter((path) => !ranged.includes(path))).toEqual([])
    expect(ranged.filter((path) => valueAt(defaults, path.split('.')) === undefined)).toEqual([])
  })

  it.each(Object.entries(NUMBER_RANGES))('offers no %s that the engine refuses', (name, { min, max }) => {
    const path = name.split('.')
    for (const value of [min, max]) {
      const patch = path.reduceRight<unknown>((inner, step) => ({ [step]: inner }), value) as SettingsPatch
      const changed = applyPatch(roomFor(name), patch)
      expect(valueAt(changed, path)).toBe(value)
      expect(analysisSettingsSchema.safeParse(changed.analysis).success).toBe(true)
    }
  })
})

/** The ends of a ramp must differ: the other one is put where neither bound is. */
function roomFor(name: string) {
  if (!name.includes('.gates.')) return defaults
  const other = name.endsWith('zeroAt') ? name.replace('zeroAt', 'oneAt') : name.replace('oneAt', 'zeroAt')
  const patch = other.split('.').reduceRight<unknown>((inner, step) => ({ [step]: inner }), 0.456)
  return applyPatch(defaults, patch as SettingsPatch)
}

function numberPaths(tree: unknown, at: string[] = []): string[] {
  if (typeof tree === 'number') return [at.join('.')]
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree)) return []
  return Object.entries(tree).flatMap(([name, value]) => numberPaths(value, [...at, name]))
}
