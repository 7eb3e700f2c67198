import { mkdirSync } from 'node:fs'
import { nativeTheme } from 'electron'
import { z } from 'zod'
import { type Settings, SETTINGS_SECTIONS, type SettingsPatch } from '../../../preload/contract/settings'
import { UnmaskError } from '../../engine/errors'
import { readFusionCard } from '../../engine/fusion/card'
import type { AppContext } from '../app-context'
import { answer } from '../ipc'
import { defaultSettings } from './settings-schema'
import { SettingsService } from './settings-service'

let service: SettingsService | null = null

/** The settings as they are now. @throws UnmaskError 'internal' before setupSettings */
export function currentSettings(): Settings {
  if (!service) throw new UnmaskError('internal', 'the settings are asked for before they are read')
  return service.current
}

/**
 * Reads the settings and answers for them; before the window opens, which takes its colours from the theme.
 * A fusion card that cannot be read is told where clips are labelled; the program's own defaults serve here.
 */
export async function setupSettings(context: AppContext): Promise<SettingsService> {
  mkdirSync(context.userDataFolder, { recursive: true })
  const card = await readFusionCard(context.paths.modelsFolder).catch(() => null)
  const opened = new SettingsService(context.userDataFolder, defaultSettings(card))
  service = opened
  const followTheme = ({ appearance }: Settings) => (nativeTheme.themeSource = appearance.theme)
  followTheme(opened.current)
  opened.onChange((settings) => {
    followTheme(settings)
    context.tell('settingsChanged', settings)
  })
  opened.onNotice(() => context.tell('settingsNoticed', null))
  context.onQuit(() => opened.flush())

  answer('getSettings', z.null(), () => ({ settings: opened.current, defaults: opened.defaults }))
  // What the patch may say is decided by the schema of the settings, which names field and range.
  const patchSchema = z.custom<SettingsPatch>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'patch must be an object',
  )
  answer('changeSettings', z.strictObject({ patch: patchSchema }), ({ patch }) => opened.change(patch))
  answer('resetSettings', z.strictObject({ section: z.enum([...SETTINGS_SECTIONS, 'all']) }), ({ section }) =>
    opened.reset(section),
  )
  answer('takeSettingsNotices', z.null(), () => opened.takeNotices())
  return opened
}
