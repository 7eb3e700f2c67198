// @vitest-environment happy-dom
import { join } from 'node:path'
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fusionEntry, modelEntry } from '../../../../main/app/models/model-entry'
import { listReportSets, reportsOfModel } from '../../../../main/app/models/report-sets'
import { readFusionCard } from '../../../../main/engine/fusion/card'
import { listModels } from '../../../../main/engine/inference/model-folder'
import { readReport } from '../../../../main/engine/learning/evaluation/write-report'
import { findAppPaths } from '../../../../main/host/app-paths'
import type { Bridge } from '../../../../preload/contract'
import { setBridge } from '../../../../renderer/bridge/bridge'
import { useSettingsStore } from '../../../../renderer/stores/settings'
import ModelsView from '../../../../renderer/views/models/ModelsView.vue'
import { fakeSettingsBridge } from '../../fake-settings-bridge'

// There is no drawing surface here; what a chart is given is looked at instead.
const charts = vi.hoisted(
  () =>
    [] as { type: string; data: { labels?: unknown[]; datasets: { label: string; data: unknown[] }[] } }[],
)
vi.mock('../../../../renderer/views/models/charts/chart', () => ({
  Chart: class {
    constructor(_: unknown, config: (typeof charts)[number]) {
      charts.push(config)
    }
    destroy(): void {
      // Nothing was drawn.
    }
  },
}))

const { modelsFolder, reportsFolder } = findAppPaths(process.cwd())
const percent = (share: number) => `${(share * 100).toFixed(1)}%`

let wrapper: VueWrapper
let fake: ReturnType<typeof fakeSettingsBridge>

async function open(more: Partial<Bridge> = {}): Promise<void> {
  const shipped = await listModels(modelsFolder)
  const entries = await Promise.all(shipped.map((model) => modelEntry({ ...model, isAdded: false }, true)))
  const fusion = fusionEntry((await readFusionCard(modelsFolder))!)
  const own = { ...entries[1]!, id: 'lab-1', title: 'Lab', isAdded: true, isDefault: false }
  fake = fakeSettingsBridge({
    listModels: () =>
      Promise.resolve({ ok: true, value: { models: [...entries, own, fusion], problems: [] } }),
    modelReports: async ({ id }) => {
      const folder = shipped.find(({ card }) => card.id === id)?.folder ?? null
      return { ok: true, value: await reportsOfModel(id, folder, reportsFolder) }
    },
    comparedReports: async () => ({
      ok: true,
      value: (await listReportSets(reportsFolder))
        .flatMap(({ evaluations }) => evaluations)
        .filter(({ isHeadline }) => isHeadline),
    }),
    ...more,
  })
  setBridge(fake.bridge)
  await useSettingsStore().load()
  wrapper = mount(ModelsView, { attachTo: document.body })
  await vi.waitFor(() => expect(wrapper.find('[data-figure="accuracy"]').exists()).toBe(true))
}

async function show(id: string): Promise<void> {
  await wrapper.find(`[data-model="${id}"]`).trigger('click')
  await vi.waitFor(() => expect(wrapper.find('.loading').exists()).toBe(false))
  await flushPromises()
}

beforeEach(() => {
  setActivePinia(createPinia())
  charts.length = 0
})
afterEach(() => wrapper.unmount())

describe('a model', () => {
  it.each([
    ['face-fer-cnn-1', 'face', 'face-votes-7'],
    ['speech-mfcc-cnn-2', 'speech', 'speech-crossval'],
    ['fusion-product-1', 'fusion', 'real-8-product'],
  ])('%s shows the figures of its report, with their protocol', async (id, folder, reportId) => {
    const { reports } = await readReport(join(reportsFolder, folder, 'report.json'))
    const report = reports.find((one) => one.id === reportId)!
    await open()
    await show('compare')
    charts.length = 0
    await show(id)
    await vi.waitFor(() => expect(wrapper.text()).toContain(report.protocol))
    for (const name of ['accuracy', 'uar', 'macroF1'] as const) {
      const tile = wrapper.find(`[data-figure="${name}"]`).text()
      const { value, interval } = report[name]
      expect(tile).toContain(percent(value))
      expect(tile).toContain(`95% CI ${percent(interval![0])} to ${percent(interval![1])}`)
    }
    expect(wrapper.find('[data-figure="ece"]').text()).toContain(report.eceEqualWidth.toFixed(3))
    const counts = wrapper.findAll('td small').map((cell) => Number(cell.text()))
    expect(counts).toEqual(report.confusion.flat())
    const recalls = charts.flatMap(({ data }) => data.datasets).find(({ label }) => label === 'Recall')
    expect(recalls?.data).toEqual(report.classes.map(({ recall }) => recall ?? Number.NaN))
    const curve = charts.filter(({ type }) => type === 'line')
    expect(curve.length).toBe(2)
  })

  it('says why there are no sample pictures, and how to get them', async () => {
    await open()
    expect(wrapper.text()).toContain('FER2013 has no licence')
    expect(wrapper.find('code').text()).toMatch(/^unmask evaluate models\/face .*--out/)
    expect(wrapper.find('code').text()).not.toContain('--no-samples')
  })

  it('carries the non-commercial note where its licence has one', async () => {
    await open()
    expect(wrapper.text()).not.toContain('Non-commercial research only')
    await show('speech-mfcc-cnn-2')
    expect(wrapper.text()).toContain('Non-commercial research only')
  })

  it('marks a protocol that flatters', async () => {
    await open()
    await show('speech-mfcc-cnn-2')
    const select = wrapper.find<HTMLSelectElement>('select.evaluations')
    expect(wrapper.text()).not.toContain('flatters the model')
    const option = select.findAll('option').find((one) => one.text().includes('random split'))!
    await select.setValue(option.element.value)
    expect(wrapper.text()).toContain('flatters the model')
  })

  it('has every chart as a table, too', async () => {
    await open()
    const { reports } = await readReport(join(reportsFolder, 'face', 'report.json'))
    const report = reports.find(({ id }) => id === 'face-votes-7')!
    const panel = wrapper.findAll('section').find((one) => one.text().startsWith('Figures of each emotion'))!
    await panel.find('button').trigger('click')
    const rows = panel.findAll('tbody tr').map((row) => row.findAll('td').map((cell) => cell.text()))
    expect(rows).toEqual(
      report.classes.map(({ support, recall, precision, f1 }) => [
        String(support),
        percent(recall!),
        percent(precision!),
        percent(f1!),
      ]),
    )
    expect(panel.find('canvas').exists()).toBe(false)
  })

  it('is chosen by a button, which writes the settings', async () => {
    await open()
    await show('lab-1')
    await wrapper
      .findAll('button')
      .find((button) => button.text() === 'Use this model')!
      .trigger('click')
    await flushPromises()
    expect(fake.state.settings.labelling.speechModel).toBe('lab-1')
    expect(wrapper.find('[data-model="lab-1"]').text()).toContain('In use')
    expect(wrapper.find('[data-model="speech-mfcc-cnn-2"]').text()).not.toContain('In use')
  })

  it('shows a report of the user’s own', async () => {
    const [set] = await reportsOfModel('face-fer-cnn-1', null, reportsFolder)
    const own = {
      ...set!,
      evaluations: [{ ...set!.evaluations[0]!, name: 'Our lab', protocol: 'forty volunteers' }],
    }
    await open({ openReportFolder: () => Promise.resolve({ ok: true, value: own }) })
    await wrapper
      .findAll('button')
      .find((button) => button.text() === 'Open a report folder…')!
      .trigger('click')
    await flushPromises()
    expect(wrapper.text()).toContain('forty volunteers')
  })
})

describe('the comparison', () => {
  it('has each headline figure with its interval and protocol', async () => {
    await open()
    charts.length = 0
    await show('compare')
    await vi.waitFor(() => expect(charts.length).toBe(1))
    const sets = await listReportSets(reportsFolder)
    const headlines = sets.flatMap(({ evaluations }) => evaluations).filter(({ isHeadline }) => isHeadline)
    const drawn = charts[0]!.data.datasets[0]!.data
    expect([...drawn].sort()).toEqual(headlines.map(({ uar }) => uar.value).sort())
    for (const { protocol } of headlines) expect(wrapper.text()).toContain(protocol)
  })
})

describe('the backend', () => {
  it('says what runs and why nothing better does', async () => {
    const check = {
      name: 'wasm' as const,
      description: 'WebAssembly SIMD, 1 thread',
      tfjsVersion: '4.22.0',
      loadSecs: 0.4,
      refused: [{ name: 'tensorflow' as const, reason: 'it is not installed' }],
    }
    await open({ checkBackend: () => Promise.resolve({ ok: true, value: check }) })
    await show('backend')
    expect(wrapper.text()).toContain('WebAssembly SIMD, 1 thread')
    expect(wrapper.text()).toContain('it is not installed')
  })

  it('shows the error of a named one that does not load', async () => {
    const fault = { code: 'backend.unavailable', message: '--backend tensorflow-gpu does not load: no GPU' }
    const checkBackend = vi.fn(() => Promise.resolve({ ok: false as const, fault }))
    await open({ checkBackend })
    await show('backend')
    await wrapper.find('select').setValue('tensorflow-gpu')
    await flushPromises()
    expect(checkBackend).toHaveBeenLastCalledWith({ backend: 'tensorflow-gpu' })
    expect(fake.state.settings.labelling.backend).toBe('tensorflow-gpu')
    expect(wrapper.find('[role="alert"]').text()).toContain('no GPU')
  })
})
