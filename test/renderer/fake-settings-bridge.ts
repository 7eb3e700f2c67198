import { vi } from 'vitest'
import { applyPatch } from '../../main/app/settings/check-settings'
import { defaultSettings } from '../../main/app/settings/settings-schema'
import { toFault } from '../../main/engine/errors'
import type { Bridge, EventName, Events } from '../../preload/contract'
import type { Reply } from '../../preload/contract/reply'
import type { Settings, SettingsNotice } from '../../preload/contract/settings'

const ok = <T>(value: T): Reply<T> => ({ ok: true, value })

/** A bridge to settings as the main process keeps them, without a main process; `more` answers other verbs. */
export function fakeSettingsBridge(more: Partial<Bridge> = {}) {
  const defaults = defaultSettings(null)
  const listeners = new Map<string, Set<(payload: never) => void>>()
  const state = { settings: defaults, notices: [] as SettingsNotice[] }
  const answer = (make: () => Settings): Promise<Reply<Settings>> => {
    try {
      state.settings = make()
      return Promise.resolve(ok(state.settings))
    } catch (error) {
      return Promise.resolve({ ok: false, fault: toFault(error) })
    }
  }
  const tell = <K extends EventName>(event: K, payload: Events[K]) => {
    for (const listener of listeners.get(event) ?? []) listener(payload as never)
  }
  const bridge = {
    getSettings: () => Promise.resolve(ok({ settings: state.settings, defaults })),
    changeSettings: vi.fn(({ patch }: { patch: object }) => answer(() => applyPatch(state.settings, patch))),
    resetSettings: vi.fn(({ section }: { section: keyof Settings | 'all' }) =>
      answer(() => (section === 'all' ? defaults : { ...state.settings, [section]: defaults[section] })),
    ),
    takeSettingsNotices: () => Promise.resolve(ok(state.notices.splice(0))),
    on: (event: string, listener: (payload: never) => void) => {
      const known = listeners.get(event) ?? new Set()
      listeners.set(event, known.add(listener))
      return () => void known.delete(listener)
    },
    ...more,
  } as unknown as Bridge
  return { bridge, state, tell, defaults }
}
