// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import type { OpenedClip } from '../../../../../preload/contract/viewer-port'
import { useAnalysisStore } from '../../../../../renderer/stores/analysis'
import { useNavigationStore } from '../../../../../renderer/stores/navigation'
import { useOpenAnnotations } from '../../../../../renderer/views/analyse/code/use-open-annotations'
import SummaryPanel from '../../../../../renderer/views/analyse/panel/SummaryPanel.vue'
import { overlayTexts } from '../../../../../renderer/views/analyse/stage/stage-texts'
import type { RowReading } from '../../../../../renderer/views/analyse/stage/overlay-model'
import { codingBench, settled } from './coding-bench'

const panel = { clip: null, rowIndex: null, asksComment: false }

describe('a blind coder', () => {
  it.each(['results', 'review'] as const)(
    'reads in %s only what is hidden and how it is revealed',
    async (mode) => {
      const bench = await codingBench({ observerId: 'bob', isBlind: true })
      const view = bench.mount(SummaryPanel, { ...panel, mode })
      expect(view.get('[role="note"]').text()).toContain('readings of the model')
      expect(view.text()).toContain('Mark as done and reveal…')
      // Neither tabs of results nor a queue stand beside it.
      expect(view.findAll('[role="tab"]').map((tab) => tab.text())).toEqual([
        'Results',
        'Code',
        'Review',
        'Rate',
      ])
      expect(view.find('.queue').exists()).toBe(false)
    },
  )

  it('codes and rates all the same', async () => {
    const bench = await codingBench({ observerId: 'bob', isBlind: true })
    const view = bench.mount(SummaryPanel, { ...panel, mode: 'code' })
    expect(view.findAll('[data-code]')).toHaveLength(7)
    expect(view.find('[role="note"]').exists()).toBe(false)
  })

  it('sees boxes on the picture without what is read from them', () => {
    const reading = { faceId: 1, emotion: 3, confidence: 0.9, quality: 'ok' } as RowReading
    const frame = { faces: [], rows: [reading], reason: 'no_face' as const }
    const sighted = overlayTexts(() => 'Anna')
    const blind = overlayTexts(
      () => 'Anna',
      () => true,
    )
    expect([sighted.faceLabel(reading), blind.faceLabel(reading)]).toEqual(['Anna · Anger 90%', 'Anna'])
    expect(sighted.reasonLabel(frame)).toContain('Anger')
    expect(blind.reasonLabel(frame)).toBe('No face found')
    expect(
      overlayTexts(
        () => '',
        () => true,
      ).faceLabel(reading),
    ).toBe('')
  })

  it('has the results read anew when they are revealed', async () => {
    const bench = await codingBench({ observerId: 'bob', isBlind: true })
    const analysis = useAnalysisStore()
    useNavigationStore().clipToken = 'clip'
    analysis.token = 'clip'
    analysis.phase = 'ready'
    analysis.opened = { segments: [] } as unknown as OpenedClip
    const open = vi.spyOn(analysis, 'open').mockResolvedValue()
    bench.mount(
      defineComponent(() => {
        useOpenAnnotations(() => 'clip')
        return () => h('div')
      }),
    )
    await settled()
    expect(open).not.toHaveBeenCalled()
    bench.annotations.isBlind = false
    await settled()
    expect(open.mock.calls).toEqual([['clip']])
  })
})

describe('a clip without results', () => {
  it('is coded and rated beside what stands in for them', async () => {
    const bench = await codingBench()
    const view = bench.mount(SummaryPanel, { ...panel, mode: 'results' })
    expect(view.find('[role="note"]').exists()).toBe(false)
    await view.setProps({ mode: 'code' })
    expect(view.findAll('[data-code]')).toHaveLength(7)
    await view.setProps({ mode: 'review' })
    expect(view.text()).toContain('Nothing to review before this clip is labelled')
  })
})
