import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Viewer } from '../../../main/host/viewer/viewer'
import type { LogMelColumns, MfccColumns, WaveformColumns } from '../../../preload/contract/viewer-port'
import { type ClipOptions, makeClip } from '../../support/media-fixtures'
import { openCaller, type PortCaller } from '../../support/port-caller'
import { tempFolder } from '../../support/temp-folder'

const token = 'clip'

async function openSound(clip: Omit<ClipOptions, 'path'>, { ending = 'mp4', hasCache = true } = {}) {
  const folder = await tempFolder()
  const mediaPath = join(folder, `clip.${ending}`)
  await makeClip({ path: mediaPath, ...clip })
  const cacheFolder = join(folder, '.unmask-cache')
  const viewer = new Viewer()
  const grant = {
    type: 'grant',
    token,
    mediaPath,
    resultsFolder: folder,
    clipId: 'clip',
    cacheFolder: hasCache ? cacheFolder : null,
    isBlind: false,
  }
  viewer.obey(grant, [])
  const caller = openCaller((port) => viewer.obey({ type: 'port' }, [port]))
  return { folder, mediaPath, cacheFolder, viewer, caller }
}

async function signals<Columns>(caller: PortCaller, kind: string, changes = {}): Promise<Columns | null> {
  const reply = await caller.call('signals', {
    token,
    kind,
    fromSecs: -10,
    toSecs: 100,
    maxColumns: 2000,
    ...changes,
  })
  if (!reply.ok) throw new Error(reply.fault.message)
  return reply.value as Columns | null
}

const TONE: Omit<ClipOptions, 'path'> = {
  video: { frames: 50 },
  audio: { kind: 'tone', durationSecs: 3, offsetSecs: 0.5 },
}

describe('the sound of a clip', () => {
  it('is read once, told while it is read, and kept in the cache', async () => {
    const { caller, cacheFolder, viewer, mediaPath } = await openSound(TONE)
    expect(await signals(caller, 'waveform')).toBeNull()
    const prepared = await caller.call('prepareSignals', { token })
    expect(prepared).toMatchObject({ ok: true })
    const { soundStartSecs, soundEndSecs } = (prepared as { value?: Record<string, number> }).value ?? {}
    // AAC frames are 21 ms long.
    expect(Math.abs(soundStartSecs! - 0.5)).toBeLessThan(0.03)
    expect(Math.abs(soundEndSecs! - 3.5)).toBeLessThan(0.06)
    expect(caller.events[0]).toMatchObject({ event: 'signalsProgress', payload: { token } })
    const waveform = (await signals<WaveformColumns>(caller, 'waveform'))!
    expect(waveform.isComplete).toBe(true)
    // In the middle: where a tone begins, AAC overshoots.
    expect(waveform.maximum[Math.floor(waveform.columns / 2)]).toBeCloseTo(0.5, 1)
    const logMel = (await signals<LogMelColumns>(caller, 'log-mel'))!
    const middle = Math.floor(logMel.columns / 2) * logMel.bands
    const column = logMel.codes.subarray(middle, middle + logMel.bands)
    const loudest = column.indexOf(Math.max(...column))
    expect(Math.abs(logMel.bandHz[loudest]! - 440)).toBeLessThan(60)
    const mfcc = (await signals<MfccColumns>(caller, 'mfcc'))!
    expect(mfcc.rowNames).toHaveLength(13)
    expect(await readdir(cacheFolder)).toEqual(['clip.signals'])

    // The file alone is enough now, as long as it is the same recording.
    const again = new Viewer()
    again.obey(
      { type: 'grant', token, mediaPath, resultsFolder: '/x', clipId: 'clip', cacheFolder, isBlind: false },
      [],
    )
    const second = openCaller((port) => again.obey({ type: 'port' }, [port]))
    expect(await second.call('prepareSignals', { token })).toMatchObject({ ok: true })
    expect(second.events).toEqual([])
    expect(await signals(second, 'waveform')).toEqual(waveform)
    again.obey({ type: 'revoke', token }, [])
    viewer.obey({ type: 'revoke', token }, [])
  })

  it('is read anew when the recording was changed or the cache is not whole', async () => {
    const { caller, cacheFolder, mediaPath } = await openSound(TONE)
    await caller.call('prepareSignals', { token })
    await caller.call('closeClip', { token })
    await writeFile(join(cacheFolder, 'clip.signals'), 'UNMASKSG torn')
    caller.events.length = 0
    expect(await caller.call('prepareSignals', { token })).toMatchObject({ ok: true })
    expect(caller.events.length).toBeGreaterThan(0)
    await caller.call('closeClip', { token })
    await makeClip({ path: mediaPath, video: { frames: 50 }, audio: { kind: 'silence', durationSecs: 2 } })
    expect(await caller.call('prepareSignals', { token })).toMatchObject({ ok: true })
    const { maximum } = (await signals<WaveformColumns>(caller, 'waveform'))!
    expect(Math.max(...maximum)).toBeLessThan(0.01)
    await caller.call('closeClip', { token })
  })

  it('is absent where the clip has none', async () => {
    const { caller } = await openSound({ video: { frames: 10 } })
    expect(await caller.call('prepareSignals', { token })).toMatchObject({ ok: true, value: null })
    expect(await signals(caller, 'mfcc')).toBeNull()
  })

  it('stays in memory where nothing may be written', async () => {
    const { caller, folder } = await openSound(
      { video: null, audio: { kind: 'tone' } },
      { ending: 'wav', hasCache: false },
    )
    expect(await caller.call('prepareSignals', { token })).toMatchObject({ ok: true })
    expect((await signals<WaveformColumns>(caller, 'waveform'))!.columns).toBeGreaterThan(0)
    expect(await readdir(folder)).toEqual(['clip.wav'])
    await caller.call('closeClip', { token })
    expect(await signals(caller, 'waveform')).toBeNull()
  })

  it('stays in memory where the cache cannot be written', async () => {
    const { caller, cacheFolder } = await openSound(
      { video: null, audio: { kind: 'tone' } },
      { ending: 'wav' },
    )
    await writeFile(cacheFolder, 'a file in the way')
    expect(await caller.call('prepareSignals', { token })).toMatchObject({ ok: true })
    expect((await signals<WaveformColumns>(caller, 'waveform'))!.isComplete).toBe(true)
  })

  it('is no longer read when nobody waits for it, and can be asked for again', async () => {
    const { caller } = await openSound(
      { video: null, audio: { kind: 'tone', durationSecs: 600 } },
      { ending: 'wav', hasCache: false },
    )
    const { id, reply } = caller.begin('prepareSignals', { token })
    while (caller.events.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    caller.cancel(id)
    expect(await reply).toMatchObject({ ok: false, fault: { code: 'cancelled' } })
    expect(await caller.call('prepareSignals', { token })).toMatchObject({ ok: true })
    await caller.call('closeClip', { token })
  })

  it('names the recording that is gone', async () => {
    const { caller, mediaPath } = await openSound(TONE)
    await rm(mediaPath)
    const reply = await caller.call('prepareSignals', { token })
    expect(reply).toMatchObject({ ok: false, fault: { code: 'input.not-found' } })
    expect(reply).toHaveProperty('fault.message', expect.stringContaining(mediaPath))
    await makeClip({ path: mediaPath, ...TONE })
    expect(await caller.call('prepareSignals', { token })).toMatchObject({ ok: true })
    await caller.call('closeClip', { token })
  })

  it.each([
    ['more columns than a window has', { maxColumns: 4001 }],
    ['no columns', { maxColumns: 0 }],
    ['half a column', { maxColumns: 10.5 }],
    ['a time that is no number', { fromSecs: Number.NaN }],
    ['an endless stretch', { toSecs: Number.POSITIVE_INFINITY }],
    ['a time beyond everything', { toSecs: 1e300 }],
    ['another kind', { kind: 'spectrum' }],
  ])('is refused for %s', async (_, changes) => {
    const { caller } = await openSound(
      { video: null, audio: { kind: 'tone', durationSecs: 0.2 } },
      { ending: 'wav' },
    )
    const ask = { token, kind: 'waveform', fromSecs: 0, toSecs: 1, maxColumns: 100, ...changes }
    expect(await caller.call('signals', ask)).toMatchObject({ ok: false, fault: { code: 'usage.invalid' } })
  })
})
