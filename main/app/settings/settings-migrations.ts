import type { Versions } from '../../engine/project/migrations'
import { SETTINGS_VERSION } from './settings-schema'

export const MIGRATIONS: Versions = {
  what: 'settings file',
  current: SETTINGS_VERSION,
  steps: {},
}
