import type {
  Settings,
  SettingsNotice,
  SettingsPatch,
  SettingsSection,
} from '../../../preload/contract/settings'
import { toFault } from '../../engine/errors'
import { applyPatch } from './check-settings'
import { readSettings, writeSettings } from './settings-file'

/** Changes that follow each other quicker become one file. */
const WRITE_DELAY_MS = 400

/** The settings of this run: read once, changed here only, written by themselves. */
export class SettingsService {
  readonly #folder: string
  readonly #defaults: Settings
  readonly #listeners = new Set<(settings: Settings) => void>()
  readonly #noticeListeners = new Set<() => void>()
  #settings: Settings
  #notices: SettingsNotice[]
  #timer: NodeJS.Timeout | null = null
  #writing: Promise<void> = Promise.resolve()
  #isUnwritableTold = false

  /** @param folder of settings.json, there already */
  constructor(folder: string, defaults: Settings) {
    this.#folder = folder
    this.#defaults = defaults
    const { settings, notices, isStale } = readSettings(folder, defaults)
    this.#settings = settings
    this.#notices = [...notices]
    if (isStale) this.#writeSoon()
  }

  get current(): Settings {
    return this.#settings
  }

  get defaults(): Settings {
    return this.#defaults
  }

  /** @throws UnmaskError 'usage.invalid' naming field, value and range; nothing changes then */
  change(patch: SettingsPatch): Settings {
    return this.#set(applyPatch(this.#settings, patch))
  }

  reset(section: SettingsSection | 'all'): Settings {
    return this.#set(
      section === 'all' ? this.#defaults : { ...this.#settings, [section]: this.#defaults[section] },
    )
  }

  /** @returns a function that ends the listening */
  onChange(listener: (settings: Settings) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  onNotice(listener: () => void): () => void {
    this.#noticeListeners.add(listener)
    return () => void this.#noticeListeners.delete(listener)
  }

  /** Each notice once. */
  takeNotices(): readonly SettingsNotice[] {
    return this.#notices.splice(0)
  }

  /** Writes what waits. */
  async flush(): Promise<void> {
    if (this.#timer) this.#writeNow()
    await this.#writing
  }

  #set(settings: Settings): Settings {
    this.#settings = settings
    this.#writeSoon()
    for (const listener of this.#listeners) listener(settings)
    return settings
  }

  #writeSoon(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#writeNow(), WRITE_DELAY_MS)
  }

  #writeNow(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#writing = this.#writing.then(async () => {
      try {
        await writeSettings(this.#folder, this.#settings, this.#defaults)
        this.#isUnwritableTold = false
      } catch (error) {
        if (this.#isUnwritableTold) return
        this.#isUnwritableTold = true
        this.#notices.push({ kind: 'unwritable', reason: toFault(error).message })
        for (const listener of this.#noticeListeners) listener()
      }
    })
  }
}
