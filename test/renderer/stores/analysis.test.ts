import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { OpenedClip } from '../../../preload/contract/viewer-port'
import { FaultError, setBridge } from '../../../renderer/bridge/bridge'
import { useAnalysisStore } from '../../../renderer/stores/analysis'
import { sampleStudy } from '../../support/study'
import { type ScriptedBridge, scriptedBridge } from '../../support/scripted-bridge'
import { type AnalyseLink, setViewerLink } from '../../../renderer/stores/viewer-link'

interface Asked {
  readonly verb: string
  readonly ask: { readonly token: string }
  readonly resolve: (value: unknown) => void
  readonly reject: (error: unknown) => void
}

function fakeLink() {
  const asked: Asked[] = []
  const restarts = new Set<(reason: string) => void>()
  const link: AnalyseLink = {
    request: (verb, ask) =>
      new Promise<never>((resolve, reject) => {
        asked.push({ verb, ask, resolve: resolve as (value: unknown) => void, reject })
      }),
    on: () => () => undefined,
    onRestart: (listener) => {
      restarts.add(listener)
      return () => void restarts.delete(listener)
    },
  }
  return {
    asked,
    link,
    restart: (reason: string) => restarts.forEach((listener) => listener(reason)),
    of: (verb: string) => asked.filter((one) => one.verb === verb),
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0))

/** The parts of an answer that the store looks at. */
function answer(clipId: string, missing: readonly string[] = []): OpenedClip {
  return {
    clip: { clipId },
    rows: {
      count: 3,
      frame: Int32Array.of(0, 1, 1),
      timeSecs: Float64Array.of(0, 0.04, 0.04),
      durSecs: Float64Array.of(0.04, 0.04, 0.04),
      missing,
    },
    moments: [],
  } as unknown as OpenedClip
}

let viewer: ReturnType<typeof fakeLink>
let main: ScriptedBridge
beforeEach(() => {
  main = scriptedBridge({})
  setBridge(main.bridge)
  setActivePinia(createPinia())
  viewer = fakeLink()
  setViewerLink(viewer.link)
})
afterEach(() => {
  setViewerLink(null)
  setBridge(null)
})

describe('the open clip', () => {
  it('is loading, then ready, with its rows sorted by frames', async () => {
    const store = useAnalysisStore()
    const opening = store.open('a')
    expect(store.phase).toBe('loading')
    viewer.asked[0]?.resolve(answer('a'))
    await opening
    expect(store.phase).toBe('ready')
    expect([...(store.rowIndex?.firstRow ?? [])]).toEqual([0, 1, 3])
    expect([...(store.rowIndex?.timesSecs ?? [])]).toEqual([0, 0.04])
  })

  it('is the last one asked for, in whichever order the answers come', async () => {
    const store = useAnalysisStore()
    const first = store.open('a')
    const second = store.open('b')
    const [a, b] = viewer.of('openClip')
    b?.resolve(answer('b'))
    await second
    a?.resolve(answer('a'))
    await first
    expect(store.opened?.clip.clipId).toBe('b')
    expect(store.token).toBe('b')
  })

  it('keeps quiet about the failure of a clip that was left', async () => {
    const store = useAnalysisStore()
    const first = store.open('a')
    void store.open('b')
    viewer.of('openClip')[0]?.reject(new FaultError({ code: 'data.invalid', message: 'line 3' }))
    await first
    expect([store.phase, store.fault]).toEqual(['loading', null])
  })

  it('lets the viewer forget the clip that was left', async () => {
    const store = useAnalysisStore()
    void store.open('a')
    void store.open('b')
    store.close()
    expect(viewer.of('closeClip').map(({ ask }) => ask.token)).toEqual(['a', 'b'])
    expect([store.phase, store.token, store.opened]).toEqual(['idle', null, null])
  })

  it('is absent where there are no results yet, which is no failure', async () => {
    const store = useAnalysisStore()
    const opening = store.open('a')
    viewer.asked[0]?.reject(new FaultError({ code: 'input.not-found', message: 'a.meta.json' }))
    await opening
    expect([store.phase, store.fault]).toEqual(['absent', null])
  })

  it.each(['data.invalid', 'input.unreadable', 'host.crashed'])(
    'fails with %s and its message',
    async (code) => {
      const store = useAnalysisStore()
      const opening = store.open('a')
      viewer.asked[0]?.reject(new FaultError({ code, message: 'what to do' }))
      await opening
      expect([store.phase, store.fault]).toEqual(['failed', { code, message: 'what to do' }])
    },
  )

  it('names the columns that an older table lacks', async () => {
    const store = useAnalysisStore()
    const opening = store.open('a')
    viewer.asked[0]?.resolve(answer('a', ['disagree', 'fusion_absent']))
    await opening
    expect(store.missingColumns).toEqual(['disagree', 'fusion_absent'])
  })

  it('is opened again, and says why, when the viewer was started again', async () => {
    const store = useAnalysisStore()
    const opening = store.open('a')
    viewer.asked[0]?.resolve(answer('a'))
    await opening
    viewer.restart('exit code 9')
    expect(store.restartReason).toBe('exit code 9')
    expect(viewer.of('openClip')).toHaveLength(2)
    // What is known stays in sight until the new answer comes.
    expect(store.opened?.clip.clipId).toBe('a')
    viewer.of('openClip')[1]?.resolve(answer('a'))
    await settled()
    expect(store.phase).toBe('ready')
  })

  it('does nothing on a restart without a clip', () => {
    const store = useAnalysisStore()
    void store.open('a')
    store.close()
    viewer.restart('exit code 9')
    expect(viewer.of('openClip')).toHaveLength(1)
  })
})

describe('a clip that is open while a blind observer is chosen', () => {
  it('is forgotten at once, whatever view is in front, and asked for anew', async () => {
    const store = useAnalysisStore()
    const opening = store.open('a')
    viewer.asked[0]?.resolve(answer('a'))
    await opening
    const open = { study: sampleStudy(), readOnlyReason: null, notices: [] }
    main.tell('studyChanged', { open: { ...open, observerId: 'ann' } })
    expect(store.opened).not.toBeNull()
    expect(viewer.of('openClip')).toHaveLength(1)
    main.tell('studyChanged', { open: { ...open, observerId: 'bob' } })
    expect(store.opened).toBeNull()
    expect(store.rowIndex).toBeNull()
    expect(viewer.of('openClip')).toHaveLength(2)
  })
})

describe('moments by other rules', () => {
  async function ready() {
    const store = useAnalysisStore()
    const opening = store.open('a')
    viewer.asked[0]?.resolve(answer('a'))
    await opening
    return store
  }
  const moment = { kind: 'low-confidence', atSecs: 1 }

  it('replace the list', async () => {
    const store = await ready()
    const finding = store.findMoments({ lowConfidence: 0.6 })
    expect(viewer.of('moments')[0]?.ask).toEqual({ token: 'a', momentRules: { lowConfidence: 0.6 } })
    viewer.of('moments')[0]?.resolve([moment])
    await finding
    expect(store.opened?.moments).toEqual([moment])
  })

  it('are dropped when another clip is open by then', async () => {
    const store = await ready()
    const finding = store.findMoments({ lowConfidence: 0.6 })
    const opening = store.open('b')
    viewer.of('openClip')[1]?.resolve(answer('b'))
    await opening
    viewer.of('moments')[0]?.resolve([moment])
    await finding
    expect(store.opened?.moments).toEqual([])
  })
})
