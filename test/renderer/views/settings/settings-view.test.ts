// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { setBridge } from '../../../../renderer/bridge/bridge'
import { useSettingsStore } from '../../../../renderer/stores/settings'
import AnalysisSection from '../../../../renderer/views/settings/AnalysisSection.vue'
import ColoursSection from '../../../../renderer/views/settings/ColoursSection.vue'
import KeysSection from '../../../../renderer/views/settings/KeysSection.vue'
import SettingsView from '../../../../renderer/views/settings/SettingsView.vue'
import { fakeSettingsBridge } from '../../fake-settings-bridge'

let fake: ReturnType<typeof fakeSettingsBridge>
let wrapper: VueWrapper | null = null

beforeEach(async () => {
  setActivePinia(createPinia())
  fake = fakeSettingsBridge()
  setBridge(fake.bridge)
  await useSettingsStore().load()
})
afterEach(() => {
  wrapper?.unmount()
  wrapper = null
})

/** The control that a visible label belongs to. */
function control<T extends HTMLElement>(label: string): T {
  const found = [...document.querySelectorAll('label')].find((one) => one.textContent?.trim() === label)
  const element = found && document.getElementById(found.htmlFor)
  if (!element) throw new Error(`no control is labelled ${label}`)
  return element as T
}

async function type(input: HTMLInputElement, text: string): Promise<void> {
  input.value = text
  input.dispatchEvent(new Event('input'))
  input.dispatchEvent(new Event('change', { bubbles: true }))
  await flushPromises()
}

describe('analysis settings', () => {
  beforeEach(() => {
    wrapper = mount(AnalysisSection, { attachTo: document.body })
  })

  it('say that labelled clips keep theirs', () => {
    expect(wrapper!.text()).toContain('keep the settings they were made with')
  })

  it('show the value in use and change it at once', async () => {
    const input = control<HTMLInputElement>('Length of a voice window')
    expect(input.value).toBe('2.5')
    await type(input, '4')
    expect(fake.state.settings.analysis.speech.windowSecs).toBe(4)
  })

  it.each(['0', '31', 'long', ''])('refuse "%s" beside the field, with the range', async (text) => {
    await type(control('Length of a voice window'), text)
    expect(wrapper!.find('[role="alert"]').text()).toBe('Give a number from 0.5 to 30 s')
    expect(fake.state.settings).toEqual(fake.defaults)
  })

  it('go back to the default of one setting', async () => {
    await type(control('Shortest segment'), '1')
    const back = wrapper!.find('[aria-label="Back to the default: Shortest segment"]')
    await back.trigger('click')
    await flushPromises()
    expect(fake.state.settings).toEqual(fake.defaults)
    expect(wrapper!.find('[aria-label="Back to the default: Shortest segment"]').exists()).toBe(false)
  })

  it('put settings out of use that another choice makes idle', async () => {
    expect(control<HTMLInputElement>('An emotion usually lasts').disabled).toBe(true)
    const select = control<HTMLSelectElement>('Method')
    select.value = 'markov'
    select.dispatchEvent(new Event('change'))
    await flushPromises()
    expect(control<HTMLInputElement>('An emotion usually lasts').disabled).toBe(false)
    expect(control<HTMLInputElement>('Time constant').disabled).toBe(true)
  })

  it('never read from nothing', async () => {
    for (const name of ['Face', 'Voice', 'Fused']) {
      const box = [...document.querySelectorAll<HTMLLabelElement>('fieldset label')].find((one) =>
        one.textContent?.includes(name),
      )!
      const input = box.querySelector('input')!
      input.checked = false
      input.dispatchEvent(new Event('change'))
      await flushPromises()
    }
    expect(fake.state.settings.analysis.modalities).toEqual(['fusion'])
    expect(wrapper!.text()).toContain('At least one must be read')
  })

  it('bring an expected mix to 100%', async () => {
    const inputs = [...document.querySelectorAll<HTMLInputElement>('.shares input')]
    expect(inputs).toHaveLength(7)
    await type(inputs[0]!, '85.71')
    const { prior } = fake.state.settings.analysis.fusion
    expect(prior.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12)
    expect(prior[0]).toBeCloseTo(0.5, 3)
  })
})

describe('keys', () => {
  beforeEach(() => {
    wrapper = mount(KeysSection, { attachTo: document.body })
  })
  const row = (id: string) => wrapper!.find(`[data-command="${id}"]`)

  async function record(id: string, key: string, code: string): Promise<void> {
    await row(id).find('[aria-label^="Add a key"]').trigger('click')
    await row(id).find('.recorder').trigger('keydown', { key, code })
    await flushPromises()
  }

  it('take a pressed key', async () => {
    await record('transport.mute', '$', 'Digit4')
    expect(fake.state.settings.keys).toEqual({ 'transport.mute': ['M', '$'] })
  })

  it('show a conflict, and hand the key over when told to', async () => {
    await record('transport.mute', ' ', 'Space')
    expect(row('transport.mute').find('[role="alert"]').text()).toContain(
      'Space already means “Play or pause”',
    )
    expect(fake.state.settings.keys).toEqual({})
    const takeOver = row('transport.mute')
      .findAll('button')
      .find((button) => button.text() === 'Use it here instead')!
    await takeOver.trigger('click')
    await flushPromises()
    expect(fake.state.settings.keys).toEqual({ 'transport.playPause': [], 'transport.mute': ['M', 'Space'] })
  })

  it('keep digits for codes', async () => {
    await record('transport.mute', '5', 'Digit5')
    expect(row('transport.mute').find('[role="alert"]').text()).toContain('kept for codes')
    expect(fake.state.settings.keys).toEqual({})
  })

  it('remove a key, and give the usual ones back', async () => {
    await row('transport.mute').find('[aria-label^="Remove M"]').trigger('click')
    await flushPromises()
    expect(fake.state.settings.keys).toEqual({ 'transport.mute': [] })
    await row('transport.mute').find('[aria-label^="Give the usual keys back"]').trigger('click')
    await flushPromises()
    expect(fake.state.settings.keys).toEqual({})
  })

  it('let Escape go without a change', async () => {
    await record('transport.mute', 'Escape', 'Escape')
    expect(row('transport.mute').find('.recorder').exists()).toBe(false)
    expect(fake.state.settings.keys).toEqual({})
  })
})

describe('colours', () => {
  it('warn of two that look alike, and take no nonsense', async () => {
    wrapper = mount(ColoursSection, { attachTo: document.body })
    expect(wrapper.text()).toContain('All seven stay apart')
    const code = document.querySelector<HTMLInputElement>('[aria-label="Code of Fear"]')!
    await type(code, 'purple')
    expect(wrapper.find('[role="alert"]').text()).toContain('Give a colour')
    expect(fake.state.settings.colours).toEqual(fake.defaults.colours)
    await type(code, '#1257DE')
    expect(fake.state.settings.colours.fear).toBe('#1257de')
    expect(wrapper.text()).toContain('Sadness and Fear')
  })
})

describe('the view', () => {
  it('resets the section in front after asking', async () => {
    await useSettingsStore().change({ appearance: { theme: 'dark' }, playback: { stepFrames: 3 } })
    wrapper = mount(SettingsView, { attachTo: document.body })
    const click = async (text: string) => {
      const found = [...document.querySelectorAll('button')].findLast(
        (one) => one.textContent?.trim() === text,
      )
      found!.click()
      await flushPromises()
    }
    await click('Reset this section')
    expect(document.querySelector('dialog')?.textContent).toContain('Appearance')
    await click('Reset')
    expect(fake.state.settings.appearance).toEqual(fake.defaults.appearance)
    expect(fake.state.settings.playback.stepFrames).toBe(3)
  })
})
