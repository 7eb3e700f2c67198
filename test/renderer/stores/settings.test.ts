// @vitest-environment happy-dom
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { setBridge } from '../../../renderer/bridge/bridge'
import { storedOverrides } from '../../../renderer/keys/key-map'
import { useSettingsStore } from '../../../renderer/stores/settings'
import { useToastStore } from '../../../renderer/stores/toasts'
import { fakeSettingsBridge } from '../fake-settings-bridge'

let fake: ReturnType<typeof fakeSettingsBridge>
beforeEach(() => {
  setActivePinia(createPinia())
  fake = fakeSettingsBridge()
  setBridge(fake.bridge)
})

describe('useSettingsStore', () => {
  it('is not used before it is loaded', () => {
    expect(() => useSettingsStore().settings).toThrow('before they are loaded')
    expect(useSettingsStore().emotionColours).toHaveLength(7)
  })

  it('puts colours, motion and keys on the page', async () => {
    const store = useSettingsStore()
    await store.load()
    await store.change({
      colours: { anger: '#123456' },
      appearance: { motion: 'reduce' },
      keys: { 'transport.mute': ['X'] },
    })
    const root = document.documentElement
    expect(root.style.getPropertyValue('--emotion-anger')).toBe('#123456')
    expect(root.dataset['motion']).toBe('reduce')
    expect(storedOverrides.value).toEqual({ 'transport.mute': ['X'] })
    expect(store.emotionColours[3]).toBe('#123456')
  })

  it('follows changes from elsewhere', async () => {
    const store = useSettingsStore()
    await store.load()
    fake.tell('settingsChanged', {
      ...fake.defaults,
      playback: { ...fake.defaults.playback, stepFrames: 42 },
    })
    expect(store.settings.playback.stepFrames).toBe(42)
  })

  it('keeps what it had when a change is refused, and passes the reason on', async () => {
    const store = useSettingsStore()
    await store.load()
    await expect(store.change({ playback: { stepFrames: 0 } })).rejects.toMatchObject({
      code: 'usage.invalid',
      message: expect.stringContaining('playback.stepFrames') as string,
    })
    expect(store.settings).toEqual(fake.defaults)
  })

  it('tells once what happened to the file, at start and later', async () => {
    fake.state.notices.push({ kind: 'corrupt', file: 'settings.corrupt-1.json', reason: 'Unexpected end' })
    await useSettingsStore().load()
    const toasts = useToastStore()
    expect(toasts.toasts.map(({ text }) => text)).toEqual([
      expect.stringContaining('settings.corrupt-1.json'),
    ])
    fake.state.notices.push({ kind: 'unwritable', reason: 'the disk is full' })
    fake.tell('settingsNoticed', null)
    await Promise.resolve().then(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 0))
    expect(toasts.toasts.at(-1)?.text).toContain('the disk is full')
    expect(toasts.toasts).toHaveLength(2)
  })
})
