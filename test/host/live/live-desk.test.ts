import { readdirSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { LiveReading, LiveStarted } from '../../../preload/contract/live-port'
import { decodeVideo } from '../../../main/engine/media/decode-video'
import { probe } from '../../../main/engine/media/probe'
import { analysisSettings } from '../../../main/engine/timeline/settings'
import { LiveDesk } from '../../../main/host/live/live-desk'
import { openCaller, type PortCaller } from '../../support/port-caller'
import { repositoryRoot } from '../../support/run-unmask'
import { tempFolder } from '../../support/temp-folder'

const ZERO_MS = 1_000_000

function openDesk(): { desk: LiveDesk; caller: PortCaller } {
  const desk = new LiveDesk()
  desk.obey(
    {
      type: 'configure',
      settings: analysisSettings(),
      host: {
        backend: 'auto',
        faceModelFolder: join(repositoryRoot, 'models', 'face'),
        speechModelFolder: join(repositoryRoot, 'models', 'speech'),
        detector: 'tiny',
        appVersion: 'test',
      },
    },
    [],
  )
  return { desk, caller: openCaller((port) => desk.obey({ type: 'port' }, [port])) }
}

const session = { zeroMs: ZERO_MS, withVideo: true, withAudio: true }
const frame = (changes: object = {}) => ({
  frameNumber: 0,
  capturedAtMs: ZERO_MS + 40,
  widthPx: 32,
  heightPx: 24,
  rgba: new Uint8Array(32 * 24 * 4),
  droppedSoFar: 0,
  ...changes,
})

async function* sampleFrames(count: number) {
  const folder = join(repositoryRoot, 'assets', 'sample')
  const media = await probe(
    join(
      folder,
      readdirSync(folder).find((name) => name.endsWith('.mp4'))!,
    ),
  )
  for await (const { index, widthPx, heightPx, rgb, timeSecs } of decodeVideo(media, {
    longestSidePx: 640,
  })) {
    if (index >= count) return
    const rgba = new Uint8Array(widthPx * heightPx * 4)
    for (let pixel = 0; pixel < widthPx * heightPx; pixel++)
      rgba.set(rgb.subarray(3 * pixel, 3 * pixel + 3), 4 * pixel)
    yield frame({
      frameNumber: index,
      capturedAtMs: ZERO_MS + 1000 * (timeSecs + 0.04),
      widthPx,
      heightPx,
      rgba,
    })
  }
}

describe('LiveDesk', () => {
  it('reads faces from RGBA and says on what it runs', async () => {
    const { caller } = openDesk()
    const started = await caller.call('startSession', session)
    expect(started).toMatchObject({ ok: true })
    const { faceModel, sampleRateHz } = (started as { value: LiveStarted }).value
    expect(faceModel).toBe('face-fer-cnn-1')
    expect(sampleRateHz).toBe(16_000)
    let last: LiveReading | null = null
    for await (const ask of sampleFrames(6)) {
      const reply = await caller.call('analyseFrame', ask)
      expect(reply).toMatchObject({ ok: true })
      last = (reply as { value: LiveReading }).value
    }
    expect(last?.faces.map(({ id }) => id)).toEqual([1])
    expect(last?.faces[0]?.landmarks).toHaveLength(136)
    expect(last?.timeSecs).toBeCloseTo(5 / 29.97 + 0.04, 2)
  })

  it('sends features and voice readings as sound comes', async () => {
    const { caller } = openDesk()
    await caller.call('startSession', { ...session, withVideo: false })
    for (let block = 0; block < 12; block++)
      await caller.call('pushAudio', {
        capturedAtMs: ZERO_MS + 100 * block,
        samples: Float32Array.from(
          { length: 1600 },
          (_, n) => 0.1 * Math.sin((n / 16_000) * 2 * Math.PI * 300),
        ),
      })
    const features = caller.events.filter(({ event }) => event === 'features')
    const columns = features.map(
      ({ payload }) =>
        payload as { columns: number; base: Float32Array; logMel: Float32Array; melBands: number },
    )
    expect(columns.reduce((sum, { columns }) => sum + columns, 0)).toBeGreaterThan(110)
    for (const { columns: count, base, logMel, melBands } of columns) {
      expect(base).toHaveLength(13 * count)
      expect(logMel).toHaveLength(melBands * count)
    }
    expect(caller.events.filter(({ event }) => event === 'voice').length).toBeGreaterThan(2)
  })

  it.each([
    ['startSession', { ...session, withVideo: false, withAudio: false }],
    ['startSession', { ...session, zeroMs: Number.NaN }],
    ['startSession', null],
    ['analyseFrame', frame({ rgba: new Uint8Array(5) })],
    ['analyseFrame', frame({ rgba: 'text' })],
    ['analyseFrame', frame({ widthPx: 100_000 })],
    ['analyseFrame', frame({ widthPx: -32 })],
    ['analyseFrame', frame({ frameNumber: 0.5 })],
    ['analyseFrame', frame({ capturedAtMs: Number.POSITIVE_INFINITY })],
    ['pushAudio', { capturedAtMs: ZERO_MS, samples: new Float32Array(0) }],
    ['pushAudio', { capturedAtMs: ZERO_MS, samples: new Float32Array(500_000) }],
    ['pushAudio', { capturedAtMs: ZERO_MS, samples: [1, 2, 3] }],
    ['recordChunk', { bytes: 'text' }],
    ['finishRecording', {}],
    ['startRecording', { startedAtMs: 'now' }],
    ['endSession', 7],
    ['exec', { command: 'rm' }],
  ])('answers %s with a fault where it cannot be', async (verb, ask) => {
    const { caller } = openDesk()
    const reply = await caller.call(verb, ask)
    expect(reply).toMatchObject({ ok: false, fault: { code: 'usage.invalid' } })
  })

  it.each(['analyseFrame', 'pushAudio', 'startRecording'])('asks for a session before %s', async (verb) => {
    const { caller } = openDesk()
    const asks: Record<string, unknown> = {
      analyseFrame: frame(),
      pushAudio: { capturedAtMs: ZERO_MS, samples: new Float32Array(160) },
      startRecording: { startedAtMs: ZERO_MS },
    }
    const reply = await caller.call(verb, asks[verb])
    expect(reply).toMatchObject({
      ok: false,
      fault: { message: expect.stringMatching(/start one first/) as string },
    })
  })

  it('records only where main chose a place', async () => {
    const { desk, caller } = openDesk()
    await caller.call('startSession', session)
    expect(await caller.call('startRecording', { startedAtMs: ZERO_MS })).toMatchObject({ ok: false })
    const folder = await tempFolder()
    desk.obey({ type: 'record', folder, name: 'take', container: 'webm' }, [])
    expect(await caller.call('startRecording', { startedAtMs: ZERO_MS })).toMatchObject({ ok: true })
    await caller.call('recordChunk', { bytes: new Uint8Array(100) })
    expect(await caller.call('finishRecording', { isWanted: false })).toMatchObject({ ok: true, value: null })
    expect(await readdir(folder)).toEqual([])
  })
})
