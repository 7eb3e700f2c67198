import { defineStore } from 'pinia'
import { computed, onScopeDispose, shallowRef } from 'vue'
import type {
  Settings,
  SettingsNotice,
  SettingsPatch,
  SettingsSection,
  SettingsState,
} from '../../preload/contract/settings'
import { bridge, unwrap } from '../bridge/bridge'
import { DEFAULT_EMOTION_COLOURS, EMOTIONS } from '../design/emotion-colours'
import { setStoredOverrides } from '../keys/key-map'
import { t } from '../strings'
import { useToastStore } from './toasts'

/** The researcher's settings; the main process keeps them, and tells when they change. */
export const useSettingsStore = defineStore('settings', () => {
  const state = shallowRef<SettingsState | null>(null)
  const listening: (() => void)[] = []
  onScopeDispose(() => listening.splice(0).forEach((stop) => stop()))

  /** @throws Error before load() */
  const settings = computed<Settings>(() => {
    if (!state.value) throw new Error('the settings are used before they are loaded')
    return state.value.settings
  })
  const defaults = computed<Settings>(() => {
    if (!state.value) throw new Error('the settings are used before they are loaded')
    return state.value.defaults
  })
  const isLoaded = computed(() => state.value !== null)

  /** In canonical order, for plots. The usual ones until the settings are there. */
  const emotionColours = computed<readonly string[]>(() =>
    EMOTIONS.map((emotion) => (state.value?.settings.colours ?? DEFAULT_EMOTION_COLOURS)[emotion]),
  )

  /** Reads them once; before the window's content is mounted. @throws FaultError */
  async function load(): Promise<void> {
    state.value = unwrap(await bridge().getSettings(null))
    apply(state.value.settings)
    listening.push(
      bridge().on('settingsChanged', take),
      bridge().on('settingsNoticed', () => void tellNotices()),
    )
    await tellNotices()
  }

  /** @throws FaultError naming field, value and range; nothing changes then */
  async function change(patch: SettingsPatch): Promise<void> {
    take(unwrap(await bridge().changeSettings({ patch })))
  }

  /** @throws FaultError */
  async function reset(section: SettingsSection | 'all'): Promise<void> {
    take(unwrap(await bridge().resetSettings({ section })))
  }

  function take(next: Settings): void {
    if (state.value) state.value = { ...state.value, settings: next }
    apply(next)
  }

  function apply({ appearance, colours, keys }: Settings): void {
    const root = document.documentElement
    root.dataset['motion'] = appearance.motion
    root.lang = appearance.language
    for (const emotion of EMOTIONS) root.style.setProperty(`--emotion-${emotion}`, colours[emotion])
    setStoredOverrides(keys)
  }

  async function tellNotices(): Promise<void> {
    const notices = unwrap(await bridge().takeSettingsNotices(null))
    for (const notice of notices) useToastStore().show('error', noticeText(notice))
  }

  return { settings, defaults, isLoaded, emotionColours, load, change, reset }
})

function noticeText(notice: SettingsNotice): string {
  switch (notice.kind) {
    case 'corrupt':
      return t('settings.notice.corrupt', { file: notice.file, reason: notice.reason })
    case 'newer':
      return t('settings.notice.newer', { file: notice.file })
    case 'invalid':
      return t('settings.notice.invalid', { file: notice.file, fields: notice.fields.join(', ') })
    case 'unknown':
      return t('settings.notice.unknown', { fields: notice.fields.join(', ') })
    case 'unwritable':
      return t('settings.notice.unwritable', { reason: notice.reason })
  }
}
