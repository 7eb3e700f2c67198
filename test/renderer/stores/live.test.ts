import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Bridge } from '../../../preload/contract'
import type {
  LivePortEvents,
  LiveReading,
  LiveStarted,
  LiveVoiceReading,
} from '../../../preload/contract/live-port'
import { FaultError, setBridge } from '../../../renderer/bridge/bridge'
import type { GrabbedFrame } from '../../../renderer/live/frame-grabber'
import type { LiveLink } from '../../../renderer/live/live-link'
import { DeviceError } from '../../../renderer/live/open-track'
import type { SoundBlock } from '../../../renderer/live/sound-tap'
import { NO_DEVICE, setLiveParts, useLiveStore } from '../../../renderer/stores/live'
import { useLiveRecordingStore } from '../../../renderer/stores/live-recording'

const STARTED: LiveStarted = {
  backend: 'test',
  refused: [],
  faceModel: 'face',
  speechModel: 'voice',
  detector: 'tiny',
  sampleRateHz: 16_000,
  bandHz: new Float64Array(26),
  windowSecs: 2.5,
  speechHopSecs: 0.25,
}

class FakeTrack extends EventTarget {
  enabled = true
  isStopped = false
  stop(): void {
    this.isStopped = true
  }
}

/** Browser and live process, played by hand. */
class World {
  readonly asked: { verb: string; ask: unknown }[] = []
  readonly tracks: Record<string, FakeTrack> = {}
  readonly refused = new Set<string>()
  failures: Record<string, FaultError> = {}
  analyse: (frame: GrabbedFrame) => Promise<void> = () => Promise.resolve()
  hear: (block: SoundBlock) => void = () => undefined
  restart: (reason: string) => void = () => undefined
  readonly emit: Partial<{ [K in keyof LivePortEvents]: (payload: LivePortEvents[K]) => void }> = {}
  grabbers = 0
  isLinkClosed = false

  readonly link: LiveLink = {
    request: (verb, ask) => {
      this.asked.push({ verb, ask })
      const failure = this.failures[verb]
      if (failure) return Promise.reject(failure)
      return Promise.resolve(this.answer(verb, ask) as never)
    },
    on: (event, listener) => void ((this.emit[event] as unknown) = listener),
    onRestart: (listener) => void (this.restart = listener),
    close: () => void (this.isLinkClosed = true),
  }

  private answer(verb: string, ask: unknown): unknown {
    if (verb === 'startSession') return STARTED
    if (verb === 'analyseFrame') return readingOf(ask as GrabbedFrame)
    if (verb === 'finishRecording') return { fileName: 'live-1.webm', rows: 3 }
    return null
  }

  install(): void {
    setLiveParts({
      link: () => this.link,
      openTrack: (kind) => {
        if (this.refused.has(kind)) return Promise.reject(new DeviceError('refused', 'no'))
        const track = new FakeTrack()
        this.tracks[kind] = track
        return Promise.resolve(track as unknown as MediaStreamTrack)
      },
      openSound: (_track, _rate, onBlock) => {
        this.hear = onBlock
        return Promise.resolve({ close: () => Promise.resolve() })
      },
      grabber: (_video, analyse) => {
        this.analyse = analyse
        this.grabbers++
        return { start: () => undefined, stop: () => undefined, droppedFrames: 2, seenFrames: 10 }
      },
    })
  }

  verbs(): string[] {
    return this.asked.map(({ verb }) => verb)
  }
}

function readingOf({ frameNumber, capturedAtMs }: GrabbedFrame): LiveReading {
  const probs = Float32Array.from([0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1])
  const face = (id: number, side: number): LiveReading['faces'][number] => ({
    id,
    box: [0, 0, side, side],
    score: 0.9,
    quality: 'ok',
    landmarks: new Float32Array(136),
    faceProbs: Float32Array.from(probs, (value) => value * id),
    faceGate: 1,
    fusionProbs: probs,
    shownProbs: probs,
    shownLabel: 0,
  })
  return {
    frameNumber,
    capturedAtMs,
    timeSecs: frameNumber / 25,
    widthPx: 64,
    heightPx: 48,
    faces: [face(1, 20), face(2, 40)],
    voice: null,
    analysisMs: 5,
  }
}

const frame = (frameNumber: number): GrabbedFrame => ({
  frameNumber,
  capturedAtMs: performance.timeOrigin + performance.now(),
  widthPx: 64,
  heightPx: 48,
  rgba: new Uint8Array(64 * 48 * 4),
  droppedSoFar: 0,
})

const heard = (timeSecs: number): LiveVoiceReading => ({
  state: 'speech',
  startSecs: timeSecs - 2,
  endSecs: timeSecs,
  probs: new Float32Array(7).fill(1 / 7),
  gate: 0.5,
  rmsDb: -20,
  timeSecs,
  fusionProbs: new Float32Array(7).fill(1 / 7),
})

let world: World
beforeEach(() => {
  setActivePinia(createPinia())
  world = new World()
  world.install()
})
afterEach(() => {
  setLiveParts(null)
  setBridge(null)
})

async function running() {
  const live = useLiveStore()
  live.attachVideo({} as HTMLVideoElement)
  await live.start()
  return live
}

describe('a live session', () => {
  it('opens what is chosen, begins a session, and reads frames and sound', async () => {
    const live = await running()
    expect(live.phase).toBe('running')
    await world.analyse(frame(1))
    world.hear({ samples: new Float32Array(8), sampleRateHz: 16_000, capturedAtMs: 1 })
    expect(world.verbs().slice(-2)).toEqual(['analyseFrame', 'pushAudio'])
    expect(live.reading?.frameNumber).toBe(1)
    expect(live.history.face.count).toBe(1)
    await live.stop()
    expect([live.phase, world.tracks['camera']?.isStopped]).toEqual(['idle', true])
    expect(world.verbs().at(-1)).toBe('endSession')
  })

  it('plots the largest face, or the one that is chosen, without the past of another', async () => {
    const live = await running()
    await world.analyse(frame(1))
    expect(live.history.face.series().values[0]).toBeCloseTo(0.8, 5)
    live.chooseFace(1)
    expect(live.history.face.count).toBe(0)
    await world.analyse(frame(2))
    expect(live.history.face.series().values[0]).toBeCloseTo(0.4, 5)
    await live.stop()
  })

  it('goes on with one device where the other is refused, and says why', async () => {
    world.refused.add('camera')
    const live = await running()
    expect(live.phase).toBe('running')
    expect([live.camera.state, live.camera.reason, live.microphone.state]).toEqual(['refused', 'no', 'on'])
    expect(world.grabbers).toBe(0)
    await live.stop()
  })

  it('stays idle where nothing opens', async () => {
    world.refused.add('camera').add('microphone')
    const live = await running()
    expect(live.phase).toBe('idle')
    expect(world.asked).toEqual([])
    expect(live.announcement).toBe('Neither camera nor microphone could be opened')
  })

  it('tells the process what is wanted', async () => {
    const live = useLiveStore()
    await live.choose('camera', NO_DEVICE)
    await live.start()
    expect(world.asked[0]).toMatchObject({ ask: { withVideo: false, withAudio: true } })
    world.emit.voice?.(heard(1))
    expect(live.history.fusion.count).toBe(1)
    await live.stop()
  })

  it('says why it could not start, and lets the devices go', async () => {
    world.failures['startSession'] = new FaultError({ code: 'model.not-found', message: 'no such model' })
    const live = await running()
    expect(live.phase).toBe('idle')
    expect(live.notice?.text).toContain('no such model')
    expect(world.tracks['camera']?.isStopped).toBe(true)
  })

  it('notices an unplugged camera, keeps the voice, and takes the camera up again', async () => {
    const live = await running()
    await world.analyse(frame(1))
    world.tracks['camera']!.dispatchEvent(new Event('ended'))
    expect([live.camera.state, live.reading, live.phase]).toEqual(['unplugged', null, 'running'])
    expect(world.tracks['microphone']?.isStopped).toBe(false)
    await live.devicesChanged('camera', [{ deviceId: 'a', label: 'A' }])
    expect([live.camera.state, world.grabbers]).toEqual(['on', 2])
    // Numbers go on where the first camera stopped.
    await world.analyse(frame(1))
    expect(live.reading?.frameNumber).toBe(11)
    await live.stop()
  })

  it('begins the session anew after the process ended, on the same clock', async () => {
    const live = await running()
    const before = world.asked.filter(({ verb }) => verb === 'startSession').at(-1)?.ask
    world.restart('exit code 9')
    expect(live.phase).toBe('restarting')
    await vi.waitFor(() => expect(live.phase).toBe('running'))
    expect(world.asked.at(-1)).toEqual({ verb: 'startSession', ask: before })
    expect(live.notice?.text).toContain('exit code 9')
    await live.stop()
  })

  it('mutes the microphone, also one that is opened later', async () => {
    const live = await running()
    live.setMuted(true)
    expect(world.tracks['microphone']?.enabled).toBe(false)
    await live.choose('microphone', 'another')
    expect(world.tracks['microphone']?.enabled).toBe(false)
    await live.stop()
  })

  it('measures from capture to overlay', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    try {
      const live = await running()
      await world.analyse(frame(1))
      live.drawn({ ...live.reading!, capturedAtMs: performance.timeOrigin + performance.now() - 80 })
      vi.advanceTimersByTime(600)
      expect(live.stats.latencyP95Ms).toBeGreaterThanOrEqual(80)
      expect(live.stats.latencyP95Ms).toBeLessThan(180)
      expect([live.stats.analysed, live.stats.dropped]).toEqual([1, 2])
      await live.stop()
    } finally {
      vi.useRealTimers()
    }
  })

  it('leaves nothing open when the view is left', async () => {
    const live = await running()
    await live.leave()
    expect([live.phase, world.isLinkClosed, world.tracks['microphone']?.isStopped]).toEqual([
      'idle',
      true,
      true,
    ])
  })
})

describe('a recording', () => {
  const told: string[] = []

  class FakeRecorder extends EventTarget {
    static isTypeSupported = () => true
    state = 'inactive'
    start(): void {
      this.state = 'recording'
      this.give()
    }
    give(): void {
      this.dispatchEvent(Object.assign(new Event('dataavailable'), { data: new Blob(['x']) }))
    }
    stop(): void {
      this.state = 'inactive'
      this.dispatchEvent(new Event('stop'))
    }
  }

  beforeEach(() => {
    told.length = 0
    vi.stubGlobal('MediaRecorder', FakeRecorder)
    vi.stubGlobal('MediaStream', class {})
    const reply = (name: string, value: unknown) => (ask: unknown) => {
      told.push(`${name} ${JSON.stringify(ask)}`)
      return Promise.resolve({ ok: true, value })
    }
    setBridge({
      on: () => () => undefined,
      currentProject: reply('currentProject', { name: 'study', place: '', notices: [] }),
      beginRecording: reply('beginRecording', { name: 'live-1' }),
      adoptRecording: reply('adoptRecording', { token: 'clip' }),
      setUnsaved: reply('setUnsaved', null),
    } as unknown as Bridge)
  })
  afterEach(() => void vi.unstubAllGlobals())

  it('goes to a place of the project and becomes a clip', async () => {
    const live = await running()
    const recording = useLiveRecordingStore()
    await recording.start()
    expect(recording.phase).toBe('on')
    await recording.stop()
    expect(recording.phase).toBe('off')
    expect(recording.saved).toEqual({ name: 'live-1.webm', token: 'clip' })
    expect(world.verbs().filter((verb) => verb.includes('ecord'))).toEqual([
      'startRecording',
      'recordChunk',
      'finishRecording',
    ])
    expect(told.filter((line) => !line.startsWith('setUnsaved'))).toEqual([
      'beginRecording {"container":"webm","hasVideo":true}',
      'adoptRecording {"fileName":"live-1.webm"}',
    ])
    expect(told.at(-1)).toBe('setUnsaved {"reason":null}')
    await live.stop()
  })

  it('says that the disk is full, and ends', async () => {
    const live = await running()
    const recording = useLiveRecordingStore()
    world.failures['recordChunk'] = new FaultError({ code: 'output.disk-full', message: 'the disk is full' })
    await recording.start()
    await vi.waitFor(() => expect(recording.phase).toBe('off'))
    expect(live.notice).toMatchObject({ kind: 'error' })
    expect(live.notice?.text).toContain('the disk is full')
    expect(recording.saved).toBeNull()
    await live.stop()
  })

  it('is not begun without a session', async () => {
    const recording = useLiveRecordingStore()
    await recording.start()
    expect([recording.phase, told]).toEqual(['off', []])
  })
})
