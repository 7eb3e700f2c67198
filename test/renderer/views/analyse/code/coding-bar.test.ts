// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import BeginCoding from '../../../../../renderer/views/analyse/code/BeginCoding.vue'
import CodePad from '../../../../../renderer/views/analyse/code/CodePad.vue'
import CodingBar from '../../../../../renderer/views/analyse/code/CodingBar.vue'
import { segmentItem, sampleStudy } from '../../../../support/study'
import { codingBench, settled, type } from './coding-bench'

describe('beginning to code', () => {
  it('takes one click with the name that is offered, and that person codes', async () => {
    const bench = await codingBench({ observerId: null, study: sampleStudy({ observers: [] }) })
    const view = bench.mount(BeginCoding)
    expect(view.findAll('li')).toHaveLength(3)
    await view.get('button.primary').trigger('click')
    await settled()
    expect(bench.study().observers).toMatchObject([{ name: 'Coder 1', isBlind: false }])
    expect(bench.studies.observer?.name).toBe('Coder 1')
  })

  it('offers those who code already, and refuses their names to others', async () => {
    const bench = await codingBench({ observerId: null })
    const view = bench.mount(BeginCoding)
    await type(view.get('input[type="text"]'), ' Ann ')
    await view.get('button.primary').trigger('click')
    expect(view.get('[role="alert"]').text()).toContain('“Ann” already')
    expect(bench.study().observers).toHaveLength(2)
    await view
      .findAll('button')
      .find((button) => button.text() === 'Bob (blind)')!
      .trigger('click')
    await settled()
    expect(bench.studies.observerId).toBe('bob')
  })

  it('says why nobody can', async () => {
    const bench = await codingBench({ observerId: null, readOnlyReason: 'The folder is write-protected.' })
    const view = bench.mount(BeginCoding)
    expect(view.text()).toContain('write-protected')
    expect(view.find('form').exists()).toBe(false)
  })
})

describe('the coding bar', () => {
  const named = (
    view: { findAll(selector: string): { text(): string; attributes(name: string): string | undefined }[] },
    name: RegExp,
  ) =>
    view
      .findAll('button')
      .find((button) => name.test(`${button.text()} ${button.attributes('aria-label') ?? ''}`)) as never as {
      trigger(event: string): Promise<void>
      attributes(name: string): string | undefined
    }

  it('switches coding, and names what undo and redo would do', async () => {
    const bench = await codingBench()
    const view = bench.mount(CodingBar)
    await named(view, /^Coding off/).trigger('click')
    expect(bench.annotations.isCoding).toBe(true)
    expect(named(view, /Nothing to undo/).attributes('disabled')).toBeDefined()
    bench.annotations.apply({ changes: [{ put: segmentItem('anger', 0, 1) }], title: 'label anger' })
    await settled()
    await named(view, /Undo: label anger/).trigger('click')
    expect(bench.annotations.items).toEqual([])
    await settled()
    await named(view, /Redo: label anger/).trigger('click')
    expect(bench.annotations.items).toHaveLength(1)
  })

  it('tells what runs, with its time growing with the playhead', async () => {
    const bench = await codingBench()
    const view = bench.mount(CodingBar)
    bench.annotations.isCoding = true
    bench.coding.press('anger')
    bench.transport.goToStep(30)
    await settled()
    expect(view.get('[aria-label="Running now"]').text()).toMatch(/anger\s*1\.2 s/)
    bench.coding.endHere()
    await settled()
    expect(view.get('[aria-label="Running now"]').text()).toBe('Nothing runs')
  })

  it('tells a failure to save with its reason, and saves when the disk is free again', async () => {
    const bench = await codingBench()
    const view = bench.mount(CodingBar)
    bench.main.isDiskFull = true
    bench.bring([{ put: segmentItem('fear', 1, 2) }])
    await settled()
    expect(view.get('[data-state]').attributes('data-state')).toBe('failed')
    expect(view.get('[data-state]').attributes('title')).toContain('the disk is full.')
    expect(view.text()).toContain('What you code is kept here and tried again')
    bench.main.isDiskFull = false
    await named(view, /Try to save now/).trigger('click')
    await settled()
    expect(view.get('[data-state]').attributes('data-state')).toBe('saved')
    expect(bench.kept()).toHaveLength(1)
  })

  it('marks a clip as done, and opens it again', async () => {
    const bench = await codingBench()
    const view = bench.mount(CodingBar)
    await named(view, /Mark as done/).trigger('click')
    await settled()
    expect(bench.kept()).toMatchObject([{ kind: 'done', observerId: 'ann' }])
    await named(view, /^Done/).trigger('click')
    await settled()
    expect(bench.kept()).toEqual([])
  })

  it('asks a blind coder first, because nothing can be made unseen', async () => {
    const bench = await codingBench({ observerId: 'bob', isBlind: true })
    const view = bench.mount(CodingBar)
    await named(view, /Mark as done/).trigger('click')
    await settled()
    const dialog = view.get('dialog')
    expect(dialog.text()).toContain('cannot be unseen')
    expect(bench.kept()).toEqual([])
    await dialog
      .findAll('button')
      .find((button) => button.text() === 'Stay blind')!
      .trigger('click')
    expect(view.find('dialog').exists()).toBe(false)
    await named(view, /Mark as done/).trigger('click')
    await settled()
    await view.get('dialog button.primary').trigger('click')
    await settled()
    expect(bench.kept()).toMatchObject([{ kind: 'done', observerId: 'bob' }])
  })

  it('adds a subject who is coded at once', async () => {
    const bench = await codingBench()
    const view = bench.mount(CodingBar)
    const chooser = view.get('select[aria-label="Who is coded"]')
    const option = chooser.findAll('option').find((one) => one.text() === 'New subject…')!
    ;(chooser.element as HTMLSelectElement).value = (option.element as HTMLOptionElement).value
    await chooser.trigger('change')
    await settled()
    await type(view.get('dialog input'), 'Child 2')
    await view.get('dialog button.primary').trigger('click')
    await settled()
    expect(bench.study().subjects.map(({ name }) => name)).toEqual(['Child 1', 'Child 2'])
    expect(bench.annotations.subjectId).toBe(bench.study().subjects[1]!.id)
  })
})

describe('the pad', () => {
  const study = sampleStudy()
  const withMore = sampleStudy({
    scheme: {
      ...study.scheme,
      codes: [
        ...study.scheme.codes,
        {
          id: 'away',
          kind: 'state',
          set: 'gaze',
          name: 'away',
          key: 'Q',
          colour: '#000000',
          description: '',
        },
        { id: 'blink', kind: 'point', set: '', name: 'blink', key: 'B', colour: '#000000', description: '' },
      ],
      dimensions: [
        {
          id: 'valence',
          name: 'valence',
          minimum: -1,
          maximum: 1,
          neutral: 0,
          lowLabel: 'unpleasant',
          highLabel: 'pleasant',
          description: '',
        },
      ],
    },
  })

  it('has each set of states and the points for itself, with their keys', async () => {
    const bench = await codingBench({ study: withMore })
    const view = bench.mount(CodePad)
    expect(view.findAll('h4').map((title) => title.text())).toEqual(['emotion', 'gaze', 'Points', 'Ratings'])
    expect(view.get('[data-code="away"] kbd').text()).toBe('Q')
    await view.get('button.rating').trigger('click')
    expect(view.emitted('rate')).toEqual([['valence']])
  })

  it('codes from one tap to the next, and points at once', async () => {
    const bench = await codingBench({ study: withMore })
    const view = bench.mount(CodePad)
    const tap = async (code: string, step: number) => {
      bench.transport.goToStep(step)
      await view.get(`[data-code="${code}"]`).trigger('pointerdown', { button: 0 })
      await view.get(`[data-code="${code}"]`).trigger('pointerup')
      await settled()
    }
    await tap('anger', 5)
    expect(view.get('[data-code="anger"]').attributes('aria-pressed')).toBe('true')
    await tap('fear', 15)
    await tap('blink', 20)
    await tap('fear', 25)
    await settled()
    expect(
      bench
        .kept()
        .map((item) =>
          item.kind === 'segment' ? [item.codeId, item.startSecs, item.endSecs].join(' ') : item.kind,
        )
        .sort(),
    ).toEqual(['anger 0.2 0.6', 'blink 0.8 0.8', 'fear 0.6 1'])
  })

  it('ends what runs by its button', async () => {
    const bench = await codingBench({ study: withMore })
    const view = bench.mount(CodePad)
    expect(view.get('button.end').attributes('disabled')).toBeDefined()
    bench.coding.press('away')
    bench.transport.goToStep(10)
    await settled()
    await view.get('button.end').trigger('click')
    await settled()
    expect(bench.kept()).toMatchObject([{ codeId: 'away', startSecs: 0, endSecs: 0.4 }])
    expect(bench.annotations.running).toEqual([])
  })
})
