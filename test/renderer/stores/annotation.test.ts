import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type {
  AnnotationEdit,
  AnnotationItem,
  OpenAnnotations,
  OpenStudy,
} from '../../../preload/contract/annotation'
import { applyChanges, itemMap } from '../../../renderer/annotate/item-document'
import { setBridge } from '../../../renderer/bridge/bridge'
import { useAnnotationStore } from '../../../renderer/stores/annotation'
import { useCodingStore } from '../../../renderer/stores/coding'
import { useStudyStore } from '../../../renderer/stores/study'
import { useToastStore } from '../../../renderer/stores/toasts'
import { useTransportStore } from '../../../renderer/stores/transport'
import { scriptedBridge, type ScriptedBridge } from '../../support/scripted-bridge'
import { sampleStudy, segmentItem } from '../../support/study'

/** A main process that keeps items; `trouble` makes writing fail. */
class FakeMain {
  readonly clips = new Map<string, Map<string, AnnotationItem>>()
  readonly titles: string[] = []
  /** What the window said that closing would lose. */
  readonly unsaved: (string | null)[] = []
  trouble: { code: string; message: string } | null = null
  open: OpenStudy = { study: sampleStudy(), observerId: 'ann', readOnlyReason: null, notices: [] }
  isBlind = false
  /** Edits under way at once; more than one would mean that order is left to chance. */
  underWay = 0
  most = 0

  items(token: string): Map<string, AnnotationItem> {
    const known = this.clips.get(token) ?? new Map<string, AnnotationItem>()
    this.clips.set(token, known)
    return known
  }

  bridge(): ScriptedBridge {
    return scriptedBridge({
      openStudy: () => this.open,
      chooseObserver: ({ observerId }: { observerId: string | null }) => {
        this.open = { ...this.open, observerId }
        return null
      },
      changeStudy: () => null,
      openAnnotations: ({ token }: { token: string }): OpenAnnotations => ({
        items: [...this.items(token).values()],
        isBlind: this.isBlind,
        notices: [],
      }),
      editAnnotations: async ({ token, edit }: { token: string; edit: AnnotationEdit }) => {
        this.most = Math.max(this.most, ++this.underWay)
        await new Promise((resolve) => setTimeout(resolve, 5))
        this.underWay--
        if (this.trouble) throw Object.assign(new Error(this.trouble.message), { code: this.trouble.code })
        this.titles.push(edit.title)
        this.clips.set(token, new Map(applyChanges(this.items(token), edit.changes)))
        return null
      },
      closeAnnotations: () => null,
      setUnsaved: ({ reason }: { reason: string | null }) => {
        this.unsaved.push(reason)
        return null
      },
    })
  }
}

let main: FakeMain
let told: ScriptedBridge

beforeEach(async () => {
  vi.useFakeTimers()
  setActivePinia(createPinia())
  main = new FakeMain()
  told = main.bridge()
  setBridge(told.bridge)
  useTransportStore().setSteps({
    timesSecs: Float64Array.from({ length: 100 }, (_, at) => at / 10),
    durationSecs: 10,
    areFrames: true,
  })
  await useStudyStore().load()
})
afterEach(() => {
  setBridge(null)
  vi.useRealTimers()
})

const later = (ms = 50) => vi.advanceTimersByTimeAsync(ms)

async function opened(...items: AnnotationItem[]): Promise<ReturnType<typeof useAnnotationStore>> {
  main.clips.set('a', new Map(itemMap(items)))
  const store = useAnnotationStore()
  await store.open('a')
  return store
}

const put = (item: AnnotationItem, title = 'put'): AnnotationEdit => ({ changes: [{ put: item }], title })

describe('an edit', () => {
  it('is on the screen at once, and sent after those before it, one at a time', async () => {
    const store = await opened()
    const items = ['anger', 'fear', 'sadness'].map((code, at) => segmentItem(code, at, at + 1))
    for (const item of items) expect(store.apply(put(item, item.codeId))).toBe(true)
    expect(store.items).toEqual(items)
    expect(store.saveState).toBe('saving')
    expect(store.unsavedCount).toBe(3)
    await later()
    expect(main.titles).toEqual(['anger', 'fear', 'sadness'])
    expect([...main.items('a').values()]).toEqual(items)
    expect(main.most).toBe(1)
    expect(store.saveState).toBe('saved')
  })

  it('that changes nothing is none', async () => {
    const item = segmentItem('anger', 0, 1)
    const store = await opened(item)
    expect(store.apply(put({ ...item, editedAt: '2027-01-01T00:00:00.000Z' }))).toBe(true)
    expect(store.canUndo).toBe(false)
    expect(store.saveState).toBe('saved')
  })

  it('is refused where nobody codes, or nothing can be written', async () => {
    const store = await opened()
    told.tell('studyChanged', { open: { ...main.open, readOnlyReason: 'of a newer Unmask' } })
    expect(store.apply(put(segmentItem('anger', 0, 1)))).toBe(false)
    told.tell('studyChanged', { open: { ...main.open, observerId: null } })
    expect(store.apply(put(segmentItem('anger', 0, 1)))).toBe(false)
    expect(store.items).toEqual([])
  })
})

describe('writing that fails', () => {
  it('keeps everything, says why, and is tried again until it works, in order', async () => {
    const store = await opened()
    main.trouble = { code: 'output.disk-full', message: 'no space left' }
    store.apply(put(segmentItem('anger', 0, 1), 'one'))
    store.apply(put(segmentItem('fear', 1, 2), 'two'))
    await later()
    expect([store.saveState, store.saveProblem, store.unsavedCount]).toEqual(['failed', 'no space left', 2])
    expect(store.items).toHaveLength(2)
    // Main asks before it closes the window.
    expect(main.unsaved.at(-1)).toBe(
      '2 edits of what was coded could not be saved and would be lost: no space left',
    )
    await later(20_000)
    expect(store.saveState).toBe('failed')
    // The clip is left and seen again meanwhile: what is not saved is on the screen all the same.
    store.close()
    expect(store.saveState).toBe('failed')
    await store.open('a')
    expect(store.items.map((item) => item.kind === 'segment' && item.codeId)).toEqual(['anger', 'fear'])
    main.trouble = null
    await later(15_100)
    expect(main.titles).toEqual(['one', 'two'])
    expect([store.saveState, store.saveProblem]).toEqual(['saved', null])
    expect(main.unsaved.at(-1)).toBeNull()
  })

  it('is tried again at once when asked', async () => {
    const store = await opened()
    main.trouble = { code: 'output.disk-full', message: 'no space left' }
    store.apply(put(segmentItem('anger', 0, 1)))
    await later(10_000)
    main.trouble = null
    store.retrySaving()
    await later(10)
    expect(store.saveState).toBe('saved')
  })

  it('for good takes the edit back, and says so', async () => {
    const kept = segmentItem('anger', 0, 1)
    const store = await opened(kept)
    main.trouble = { code: 'usage.invalid', message: 'the clip is of another observer' }
    store.apply(put(segmentItem('fear', 1, 2), 'label fear'))
    await later()
    expect(store.items).toEqual([kept])
    expect(store.canUndo).toBe(false)
    expect(store.saveState).toBe('saved')
    expect(useToastStore().toasts.map(({ text }) => text)).toEqual([
      expect.stringContaining('“label fear” cannot be kept: the clip is of another observer'),
    ])
  })
})

describe('undo and redo', () => {
  it('go 1,200 deep, keep titles, and are sent as edits of their own', async () => {
    const store = await opened()
    for (let at = 0; at < 1200; at++) store.apply(put(segmentItem('anger', at, at + 1), `edit ${at}`))
    expect(store.undoTitle).toBe('edit 1199')
    for (let at = 0; at < 1200; at++) expect(store.undo()).toBe(true)
    expect([store.items.length, store.canUndo, store.undo(), store.redoTitle]).toEqual([
      0,
      false,
      false,
      'edit 0',
    ])
    for (let at = 0; at < 1200; at++) expect(store.redo()).toBe(true)
    expect([store.items.length, store.canRedo]).toEqual([1200, false])
    await later(30_000)
    expect(main.titles).toHaveLength(3600)
    expect(main.titles[1200]).toBe('undo: edit 1199')
    expect([...main.items('a').values()]).toEqual(store.items)
  })

  it('are kept for each clip by itself', async () => {
    const store = await opened()
    store.apply(put(segmentItem('anger', 0, 1), 'in a'))
    await store.open('b')
    expect([store.canUndo, store.items]).toEqual([false, []])
    store.apply(put(segmentItem('fear', 0, 1), 'in b'))
    await later()
    await store.open('a')
    expect(store.undoTitle).toBe('in a')
    store.undo()
    expect(store.items).toEqual([])
    await later()
    await store.open('b')
    expect([store.undoTitle, store.items.length]).toEqual(['in b', 1])
  })

  it('stay when somebody else changed something else, and are cleared when it would overwrite their work', async () => {
    const store = await opened()
    const mine = segmentItem('anger', 0, 1)
    store.apply(put(mine, 'mine'))
    await later()
    main.items('a').set('other', segmentItem('fear', 5, 6, { id: 'other', observerId: 'bob' }))
    told.tell('annotationsChanged', { token: 'a' })
    await later()
    expect([store.items.length, store.undoTitle]).toEqual([2, 'mine'])
    main.items('a').set(mine.id, { ...mine, codeId: 'disgust' })
    told.tell('annotationsChanged', { token: 'a' })
    await later()
    expect(store.canUndo).toBe(false)
    expect(useToastStore().toasts.map(({ text }) => text)).toEqual([
      expect.stringContaining('cannot be undone any more'),
    ])
  })

  it('are their own: another observer who comes to a clip has none, and is told nothing', async () => {
    const store = await opened()
    store.apply(put(segmentItem('anger', 0, 1), 'of Ann'))
    await later()
    await store.open('b')
    told.tell('studyChanged', { open: { ...main.open, observerId: 'bob' } })
    told.tell('annotationsChanged', { token: 'b' })
    await later()
    // Bob codes blind: what he is shown of the clip is not what Ann left.
    main.clips.set('a', new Map())
    await store.open('a')
    expect([store.canUndo, store.canRedo]).toEqual([false, false])
    expect(useToastStore().toasts).toEqual([])
  })

  it('of what is edited while main is asked is not lost', async () => {
    const store = await opened()
    const item = segmentItem('anger', 0, 1)
    told.tell('annotationsChanged', { token: 'a' })
    store.apply(put(item))
    await later()
    expect(store.items).toEqual([item])
    expect(store.canUndo).toBe(true)
  })
})

describe('coding by key', () => {
  it('writes what runs twice a second, ends it when the clip is left, and is one step of undo', async () => {
    const store = await opened()
    const coding = useCodingStore()
    const transport = useTransportStore()
    coding.press('anger')
    coding.release('anger')
    expect(store.running).toMatchObject([{ codeId: 'anger', startSecs: 0 }])
    for (let step = 1; step <= 40; step++) {
      transport.goToStep(step)
      await later(100)
    }
    const saved = [...main.items('a').values()][0]
    expect(saved).toMatchObject({ startSecs: 0 })
    expect(saved?.kind === 'segment' ? saved.endSecs : 0).toBeGreaterThan(3.4)
    store.close()
    expect(store.running).toEqual([])
    await later()
    expect([...main.items('a').values()]).toMatchObject([{ codeId: 'anger', startSecs: 0, endSecs: 4.1 }])
    await store.open('a')
    expect(store.undoTitle).toBe('code anger')
    store.undo()
    expect([store.items, store.canUndo]).toEqual([[], false])
  })

  it('ends what runs, and saves it, before somebody else codes', async () => {
    const store = await opened()
    const coding = useCodingStore()
    coding.press('anger')
    useTransportStore().goToStep(7)
    const chosen = useStudyStore().chooseObserver('bob')
    await later()
    await chosen
    expect([...main.items('a').values()]).toMatchObject([{ observerId: 'ann', startSecs: 0, endSecs: 0.8 }])
    expect([store.running, useStudyStore().observerId]).toEqual([[], 'bob'])
  })

  it('ends before undo takes it back', async () => {
    const store = await opened()
    const coding = useCodingStore()
    coding.press('anger')
    useTransportStore().goToStep(7)
    store.undo()
    expect([store.items, store.running]).toEqual([[], []])
    store.redo()
    expect(store.items).toMatchObject([{ endSecs: 0.8 }])
  })

  it('makes an edit anew where it touches what runs', async () => {
    const store = await opened()
    const coding = useCodingStore()
    coding.press('anger')
    useTransportStore().goToStep(30)
    const [item] = store.items
    const { relabelSegments } = await import('../../../renderer/annotate/segment-edits')
    coding.run((context) => relabelSegments(context, [item!.id], 'fear'))
    expect(store.running).toEqual([])
    expect(store.items).toMatchObject([{ codeId: 'fear', startSecs: 0, endSecs: 3.1 }])
  })
})

describe('tiers', () => {
  it('are the same objects where nothing changed', async () => {
    const store = await opened(
      segmentItem('anger', 0, 1),
      segmentItem('anger', 0, 1, { observerId: 'bob' }),
      segmentItem('anger', 0, 1, { subjectId: 's1' }),
    )
    const before = store.tiers
    expect(before.map(({ name, isOwn }) => [name, isOwn])).toEqual([
      ['clip/manual/Ann', true],
      ['Child 1/manual/Ann', true],
      ['clip/manual/Bob', false],
    ])
    store.apply(put(segmentItem('fear', 3, 4)))
    expect(store.tiers.map((tier, at) => tier === before[at])).toEqual([false, true, true])
    expect(store.finalTiers.map(({ name, stretches }) => [name, stretches.length])).toEqual([
      ['Child 1/final', 2],
    ])
  })
})
