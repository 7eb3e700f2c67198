import { appendFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Viewer } from '../../../main/host/viewer/viewer'
import type { OpenedClip } from '../../../preload/contract/viewer-port'
import { writeLongResults } from '../../support/long-results'
import { openCaller } from '../../support/port-caller'
import { tempFolder } from '../../support/temp-folder'

async function openViewer() {
  const folder = await tempFolder()
  const written = await writeLongResults(folder, { durationSecs: 45, fps: 25, clipId: 'a ñ "clip"' })
  const viewer = new Viewer()
  const grant = {
    type: 'grant',
    token: 'clip-1',
    mediaPath: '/nowhere/clip.mp4',
    resultsFolder: folder,
    clipId: written.clipId,
    cacheFolder: null,
    isBlind: false,
  }
  viewer.obey(grant, [])
  return { folder, written, viewer, caller: openCaller((port) => viewer.obey({ type: 'port' }, [port])) }
}

describe('the viewer process', () => {
  it('answers a granted clip with its columns, and no other', async () => {
    const { caller, written } = await openViewer()
    const reply = await caller.call('openClip', { token: 'clip-1' })
    if (!reply.ok) throw new Error(reply.fault.message)
    const opened = reply.value as OpenedClip
    expect(opened.clip.clipId).toBe('a ñ "clip"')
    expect(opened.rows.count).toBe(written.timeline.rows.count)
    expect(opened.rows.faceProbs).toHaveLength(7 * opened.rows.count)
    expect(opened.rows.speechWindow).toEqual(written.timeline.rows.speechWindow)
    expect(opened.segments).toHaveLength(written.timeline.segments.length)
    expect(opened.windows.count).toBe(written.timeline.speech?.windows.length)
    const other = await caller.call('openClip', { token: '../clip-1' })
    expect(other).toMatchObject({ ok: false, fault: { code: 'usage.invalid' } })
  })

  it('refuses a clip whose grant was taken back', async () => {
    const { caller, viewer } = await openViewer()
    viewer.obey({ type: 'revoke', token: 'clip-1' }, [])
    for (const [verb, ask] of [
      ['openClip', { token: 'clip-1' }],
      ['moments', { token: 'clip-1', momentRules: {} }],
      ['closeClip', { token: 'clip-1' }],
    ] as const)
      expect(await caller.call(verb, ask)).toMatchObject({ ok: false, fault: { code: 'usage.invalid' } })
  })

  it('makes the jump list anew by other rules', async () => {
    const { caller } = await openViewer()
    const all = await caller.call('moments', {
      token: 'clip-1',
      momentRules: { lowConfidence: 1, minimumSecs: 0 },
    })
    const none = await caller.call('moments', {
      token: 'clip-1',
      momentRules: { lowConfidence: 0, minimumSecs: 3600 },
    })
    expect(all).toMatchObject({ ok: true })
    expect((all as unknown as { value: unknown[] }).value.length).toBeGreaterThan(0)
    expect(none).toEqual({ id: expect.any(Number), ok: true, value: [] })
  })

  it.each([
    ['an unknown verb', 'openEverything', {}],
    ['a verb of the prototype', 'constructor', {}],
    ['no token', 'openClip', {}],
    ['a token that is no text', 'openClip', { token: 7 }],
    ['a rule out of range', 'openClip', { token: 'clip-1', momentRules: { lowConfidence: 2 } }],
    ['a null ask', 'openClip', null],
  ])('answers %s with a fault', async (_, verb, ask) => {
    const { caller } = await openViewer()
    expect(await caller.call(verb, ask)).toMatchObject({ ok: false, fault: { code: 'usage.invalid' } })
  })

  it('tells which file is not whole', async () => {
    const { caller, folder } = await openViewer()
    const name = 'a ñ "clip".frames.csv'
    await appendFile(join(folder, name), 'half a row')
    const torn = await caller.call('openClip', { token: 'clip-1' })
    expect(torn).toMatchObject({ ok: false, fault: { code: 'data.invalid' } })
    expect(torn).toHaveProperty('fault.message', expect.stringContaining('clip".frames.csv'))
    await rm(join(folder, name))
    expect(await caller.call('openClip', { token: 'clip-1' })).toMatchObject({
      ok: false,
      fault: { code: 'input.not-found' },
    })
    await writeFile(join(folder, 'a ñ "clip".meta.json'), '{')
    expect(await caller.call('openClip', { token: 'clip-1' })).toMatchObject({
      ok: false,
      fault: { code: 'data.invalid' },
    })
  })

  it('answers a flood of requests, most of them with a refusal', async () => {
    const { caller } = await openViewer()
    const replies = await Promise.all(
      Array.from({ length: 400 }, () => caller.call('openClip', { token: 'clip-1' })),
    )
    const served = replies.filter(({ ok }) => ok)
    expect(served.length).toBeGreaterThan(0)
    expect(served.length).toBeLessThanOrEqual(16)
    for (const reply of replies) if (!reply.ok) expect(reply.fault).toMatchObject({ code: 'usage.invalid' })
    expect(await caller.call('openClip', { token: 'clip-1' })).toMatchObject({ ok: true })
  })

  it('passes over what is no request', async () => {
    const { caller } = await openViewer()
    for (const message of [
      null,
      7,
      'openClip',
      [],
      {},
      { id: 'x', verb: 'openClip' },
      { id: 1.5, verb: 'openClip' },
    ])
      caller.send(message)
    expect(await caller.call('openClip', { token: 'clip-1' })).toMatchObject({ ok: true })
  })

  it('gives no landmarks where none were exported, nor more than it may', async () => {
    const { caller } = await openViewer()
    expect(await caller.call('landmarks', { token: 'clip-1', firstRow: 0, endRow: 10 })).toMatchObject({
      ok: true,
      value: null,
    })
    for (const [firstRow, endRow] of [
      [0, 4097],
      [10, 9],
      [-1, 5],
      [0.5, 5],
      [0, 2 ** 53],
    ])
      expect(await caller.call('landmarks', { token: 'clip-1', firstRow, endRow })).toMatchObject({
        ok: false,
        fault: { code: 'usage.invalid' },
      })
  })

  it('refuses an order of main that it does not know', () => {
    expect(() => new Viewer().obey({ type: 'grant', token: 'x' }, [])).toThrow()
    expect(() => new Viewer().obey({ type: 'open' }, [])).toThrow()
  })
})
