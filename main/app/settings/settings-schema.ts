import { z } from 'zod'
import { NUMBER_RANGES, type NumberRange } from '../../../preload/contract/settings-ranges'
import type { Settings } from '../../../preload/contract/settings'
import { EMOTIONS } from '../../engine/emotions'
import { DETECTOR_KINDS } from '../../engine/face/detector'
import type { FusionCard } from '../../engine/fusion/card'
import { BACKEND_CHOICES } from '../../engine/inference/backend-choice'
import { analysisSettings, analysisSettingsSchema } from '../../engine/timeline/settings'

export const SETTINGS_VERSION = 2

/** The palette of renderer/design/emotion-colours.ts, which a test keeps equal. */
export const DEFAULT_COLOURS: Settings['colours'] = {
  neutral: '#a4aab2',
  happiness: '#f2b008',
  sadness: '#1257de',
  anger: '#b94a05',
  fear: '#8f398b',
  disgust: '#0f6a48',
  surprise: '#38b4f7',
}

const colour = z.string().regex(/^#[0-9a-f]{6}$/, 'must be a colour such as #1a5fb4')

const labellingSchema = z.object({
  backend: z.enum(BACKEND_CHOICES),
  detector: z.enum(DETECTOR_KINDS),
  faceModel: z.string().min(1).max(200).nullable(),
  speechModel: z.string().min(1).max(200).nullable(),
  jobs: z.number().nullable(),
  stallSecs: z.number(),
  exports: z.object({
    long: z.boolean(),
    eaf: z.boolean(),
    textgrid: z.boolean(),
    boris: z.boolean(),
    landmarks: z.boolean(),
    bom: z.boolean(),
  }),
})

/** Whole settings; ranges of numbers stand in the contract, where the form reads them too. */
export const settingsSchema: z.ZodType<Settings> = z
  .object({
    formatVersion: z.literal(SETTINGS_VERSION),
    appearance: z.object({
      theme: z.enum(['light', 'dark', 'system']),
      language: z.enum(['en']),
      motion: z.enum(['system', 'reduce']),
    }),
    colours: z.object(Object.fromEntries(EMOTIONS.map((emotion) => [emotion, colour]))),
    analysis: analysisSettingsSchema,
    labelling: labellingSchema,
    playback: z.object({
      stepFrames: z.number(),
      wheel: z.enum(['zoom', 'scroll']),
      followPlayhead: z.boolean(),
      holdMs: z.number(),
    }),
    keys: z.record(z.string().max(100), z.array(z.string().min(1).max(60)).max(8)),
  })
  .superRefine((settings, context) => {
    for (const [name, range] of Object.entries(NUMBER_RANGES)) {
      const path = name.split('.')
      const value = valueAt(settings, path)
      if (typeof value === 'number' && !fits(value, range))
        context.addIssue({ code: 'custom', path, message: `must be ${describeRange(range)}` })
    }
  }) as unknown as z.ZodType<Settings>

/**
 * The command's own defaults: the engine's, over which the parameters of the fusion's card go.
 * @throws UnmaskError 'usage.invalid'
 */
export function defaultSettings(fusion: Pick<FusionCard, 'parameters'> | null): Settings {
  return {
    formatVersion: SETTINGS_VERSION,
    appearance: { theme: 'system', language: 'en', motion: 'system' },
    colours: { ...DEFAULT_COLOURS },
    analysis: analysisSettings({ fusion: { ...fusion?.parameters } }),
    labelling: {
      backend: 'auto',
      detector: 'tiny',
      faceModel: null,
      speechModel: null,
      jobs: null,
      stallSecs: 60,
      exports: { long: false, eaf: false, textgrid: false, boris: false, landmarks: false, bom: false },
    },
    playback: { stepFrames: 10, wheel: 'zoom', followPlayhead: true, holdMs: 250 },
    keys: {},
  }
}

function fits(value: number, { min, max, isWhole }: NumberRange): boolean {
  return Number.isFinite(value) && value >= min && value <= max && (!isWhole || Number.isInteger(value))
}

export function describeRange({ min, max, unit, isWhole }: NumberRange): string {
  return `${isWhole ? 'a whole number ' : ''}from ${min} to ${max}${unit ? ` ${unit}` : ''}`
}

export function valueAt(tree: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = tree
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<PropertyKey, unknown>)[step]
  }
  return value
}
