import { defineStore } from 'pinia'
import { computed, markRaw, shallowRef } from 'vue'
import type { LiveReading, LiveStarted, LiveVoiceReading } from '../../preload/contract/live-port'
import { toFault } from '../bridge/bridge'
import { createDeviceSlot } from '../live/device-slot'
import { FrameGrabber, type GrabbedFrame } from '../live/frame-grabber'
import { LatencyMeter, RateMeter } from '../live/latency-meter'
import { LiveHistory } from '../live/live-history'
import { createLiveLink, type LiveLink } from '../live/live-link'
import { type DeviceKind, openTrack } from '../live/open-track'
import { nowMs, openSoundTap, type SoundBlock, type SoundTap } from '../live/sound-tap'
import { type DeviceChoice } from '../live/use-media-devices'
import { t } from '../strings'

export type LivePhase = 'idle' | 'opening' | 'running' | 'restarting'

export interface LiveNotice {
  readonly kind: 'info' | 'warning' | 'error'
  readonly text: string
}

export interface LiveStats {
  readonly analysedPerSec: number
  readonly cameraPerSec: number
  readonly analysed: number
  readonly dropped: number
  /** From capture to drawn overlay. */
  readonly latencyMedianMs: number
  readonly latencyP95Ms: number
}

/** Chosen as a device: none of this kind. */
export const NO_DEVICE = 'none'

const NO_STATS: LiveStats = {
  analysedPerSec: 0,
  cameraPerSec: 0,
  analysed: 0,
  dropped: 0,
  latencyMedianMs: Number.NaN,
  latencyP95Ms: Number.NaN,
}
/** Numbers that change more often cannot be read. */
const STATS_EVERY_MS = 500

/** What a test may put in the place of browser and process. */
export interface LiveParts {
  readonly link: () => LiveLink
  readonly openTrack: (kind: DeviceKind, deviceId: string) => Promise<MediaStreamTrack>
  readonly openSound: typeof openSoundTap
  readonly grabber: (
    video: HTMLVideoElement,
    analyse: (frame: GrabbedFrame) => Promise<void>,
  ) => Pick<FrameGrabber, 'start' | 'stop' | 'droppedFrames' | 'seenFrames'>
}

const REAL_PARTS: LiveParts = {
  link: () => createLiveLink(),
  openTrack,
  openSound: openSoundTap,
  grabber: (video, analyse) =>
    new FrameGrabber(video, {
      analyse,
      onError: (error) =>
        useLiveStore().warn('error', t('live.frameFailed', { message: toFault(error).message })),
    }),
}

let parts = REAL_PARTS

/** Tests put parts of their own here. */
export function setLiveParts(replacement: LiveParts | null): void {
  parts = replacement ?? REAL_PARTS
}

/** A live session: devices, the live process, what it reads. One for the window; the view starts and leaves it. */
export const useLiveStore = defineStore('live', () => {
  const phase = shallowRef<LivePhase>('idle')
  const started = shallowRef<LiveStarted | null>(null)
  const reading = shallowRef<LiveReading | null>(null)
  const voice = shallowRef<LiveVoiceReading | null>(null)
  const stats = shallowRef<LiveStats>(NO_STATS)
  const notice = shallowRef<LiveNotice | null>(null)
  /** Spoken to screen readers: changes of state, never single frames. */
  const announcement = shallowRef('')
  const faceId = shallowRef<number | null>(null)
  /** Rises with everything new in `history`. */
  const historyVersion = shallowRef(0)
  const history = markRaw(new LiveHistory())
  const isMuted = shallowRef(false)

  const slotOptions = {
    onEnded: lost,
    onOpened: opened,
    open: (kind: DeviceKind, deviceId: string) => parts.openTrack(kind, deviceId),
  }
  const camera = createDeviceSlot('camera', slotOptions)
  const microphone = createDeviceSlot('microphone', slotOptions)
  const slots = { camera, microphone }

  let link: LiveLink | null = null
  let video: HTMLVideoElement | null = null
  let grabber: ReturnType<LiveParts['grabber']> | null = null
  let tap: SoundTap | null = null
  let zeroMs = 0
  let statsTimer: ReturnType<typeof setInterval> | undefined
  /** Counts of grabbers that are gone: a camera that comes back goes on counting. */
  let seenBefore = 0
  let droppedBefore = 0
  const latency = markRaw(new LatencyMeter())
  const analysedRate = markRaw(new RateMeter())
  const cameraRate = markRaw(new RateMeter())
  let analysed = 0
  let cameraFrames = 0

  const isLive = computed(() => phase.value === 'running' || phase.value === 'restarting')
  const wants = (kind: DeviceKind): boolean => slots[kind].choice.value !== NO_DEVICE

  function say(text: string): void {
    announcement.value = text
  }

  function warn(kind: LiveNotice['kind'], text: string): void {
    notice.value = { kind, text }
    say(text)
  }

  /** Opens what is chosen. What does not open says why at its place; the other goes on. */
  async function start(): Promise<void> {
    if (phase.value !== 'idle') return
    phase.value = 'opening'
    notice.value = null
    resetReadings()
    const tracks = await Promise.all(
      (['camera', 'microphone'] as const).map((kind) => (wants(kind) ? slots[kind].open() : false)),
    )
    if (!tracks.includes(true)) {
      phase.value = 'idle'
      say(t('live.nothingOpened'))
      return
    }
    zeroMs = nowMs()
    try {
      await beginSession()
      // Models take seconds to load: time begins when there is something to read with.
      zeroMs = nowMs()
      await beginSession()
      phase.value = 'running'
      say(t('live.started'))
      await connect()
      statsTimer = setInterval(takeStats, STATS_EVERY_MS)
    } catch (error) {
      warn('error', t('live.startFailed', { message: toFault(error).message }))
      await stop()
    }
  }

  async function beginSession(): Promise<void> {
    link ??= openLink()
    started.value = await link.request('startSession', {
      zeroMs,
      withVideo: wants('camera'),
      withAudio: wants('microphone'),
    })
  }

  function openLink(): LiveLink {
    const opening = parts.link()
    opening.on('features', (features) => {
      history.addFeatures(features)
      historyVersion.value++
    })
    opening.on('voice', (heard) => {
      voice.value = heard
      history.addVoice(heard, camera.track.value === null)
      historyVersion.value++
    })
    opening.onRestart((reason) => void restarted(reason))
    return opening
  }

  async function restarted(reason: string): Promise<void> {
    if (!isLive.value) return
    phase.value = 'restarting'
    warn('warning', t('live.restarting', { reason }))
    try {
      await beginSession()
      phase.value = 'running'
      warn('info', t('live.restarted', { reason }))
    } catch (error) {
      warn('error', t('live.startFailed', { message: toFault(error).message }))
      await stop()
    }
  }

  async function connect(): Promise<void> {
    connectCamera()
    await connectSound()
  }

  function connectCamera(): void {
    disconnectCamera()
    if (!video || !camera.track.value || !isLive.value) return
    grabber = parts.grabber(video, analyse)
    grabber.start()
  }

  function disconnectCamera(): void {
    if (!grabber) return
    grabber.stop()
    seenBefore += grabber.seenFrames
    droppedBefore += grabber.droppedFrames
    grabber = null
  }

  async function connectSound(): Promise<void> {
    await disconnectSound()
    const track = microphone.track.value
    const rate = started.value?.sampleRateHz
    if (!track || !rate || !isLive.value) return
    try {
      tap = await parts.openSound(track, rate, hear)
    } catch (error) {
      microphone.fail('failed', toFault(error).message)
    }
  }

  async function disconnectSound(): Promise<void> {
    const closing = tap
    tap = null
    await closing?.close()
  }

  async function analyse(frame: GrabbedFrame): Promise<void> {
    if (phase.value !== 'running' || !link) return
    const frameNumber = seenBefore + frame.frameNumber
    const droppedSoFar = droppedBefore + frame.droppedSoFar
    const ask = { ...frame, frameNumber, droppedSoFar }
    try {
      const answer = await link.request('analyseFrame', ask)
      analysed++
      analysedRate.add(performance.now())
      reading.value = answer
      history.addReading(answer, faceId.value)
      historyVersion.value++
    } catch (error) {
      // A process that ends is started again, and that is told.
      const fault = toFault(error)
      if (isLive.value && fault.code !== 'host.crashed')
        warn('error', t('live.frameFailed', { message: fault.message }))
    }
  }

  function hear(block: SoundBlock): void {
    if (phase.value !== 'running' || !link) return
    link
      .request('pushAudio', { capturedAtMs: block.capturedAtMs, samples: block.samples })
      .catch((error: unknown) => {
        const fault = toFault(error)
        if (isLive.value && fault.code !== 'host.crashed')
          warn('error', t('live.soundFailed', { message: fault.message }))
      })
  }

  /** The overlay of a reading is on the screen. */
  function drawn(shown: LiveReading): void {
    latency.add(nowMs() - shown.capturedAtMs)
  }

  function takeStats(): void {
    const now = performance.now()
    const seen = seenBefore + (grabber?.seenFrames ?? 0)
    cameraRate.add(now, seen - cameraFrames)
    cameraFrames = seen
    stats.value = {
      analysedPerSec: analysedRate.perSecond(now),
      cameraPerSec: cameraRate.perSecond(now),
      analysed,
      dropped: droppedBefore + (grabber?.droppedFrames ?? 0),
      latencyMedianMs: latency.quantile(0.5),
      latencyP95Ms: latency.quantile(0.95),
    }
  }

  async function stop(): Promise<void> {
    if (phase.value === 'idle') return
    phase.value = 'idle'
    clearInterval(statsTimer)
    disconnectCamera()
    await disconnectSound()
    camera.close()
    microphone.close()
    reading.value = null
    voice.value = null
    say(t('live.stopped'))
    // The process may be gone already, and then the session is, too.
    await link?.request('endSession', null).catch(() => null)
  }

  /** The view is left: devices, session and port are let go. */
  async function leave(): Promise<void> {
    await stop()
    link?.close()
    link = null
    video = null
  }

  function attachVideo(element: HTMLVideoElement | null): void {
    video = element
    connectCamera()
  }

  /** @param choice '' for the system's own, NO_DEVICE for none */
  async function choose(kind: DeviceKind, choice: string): Promise<void> {
    const slot = slots[kind]
    slot.choice.value = choice
    if (!isLive.value) return
    slot.close()
    if (kind === 'camera') disconnectCamera()
    else await disconnectSound()
    if (choice !== NO_DEVICE) await slot.open()
    else if (kind === 'camera') reading.value = null
    else voice.value = null
    const isModelMissing =
      choice !== NO_DEVICE && (kind === 'camera' ? !started.value?.faceModel : !started.value?.speechModel)
    if (isModelMissing) await beginSession()
    await connect()
  }

  /** A track ended by itself: the device was unplugged or taken away. */
  function lost(kind: DeviceKind): void {
    if (kind === 'camera') {
      disconnectCamera()
      reading.value = null
    } else void disconnectSound()
    warn('warning', t(kind === 'camera' ? 'live.cameraLost' : 'live.microphoneLost'))
  }

  function opened(kind: DeviceKind): void {
    if (kind === 'microphone' && isMuted.value && microphone.track.value)
      microphone.track.value.enabled = false
  }

  /** Devices came or went: one that was unplugged is taken up again. */
  async function devicesChanged(kind: DeviceKind, list: readonly DeviceChoice[]): Promise<void> {
    const slot = slots[kind]
    if (!isLive.value || !slot.isWaitingFor(list)) return
    if (!(await slot.open())) return
    await connect()
    warn('info', t(kind === 'camera' ? 'live.cameraBack' : 'live.microphoneBack'))
  }

  function setMuted(muted: boolean): void {
    isMuted.value = muted
    if (microphone.track.value) microphone.track.value.enabled = !muted
    say(t(muted ? 'live.muted' : 'live.unmuted'))
  }

  function chooseFace(id: number | null): void {
    faceId.value = id
    history.forgetFace()
    historyVersion.value++
  }

  function resetReadings(): void {
    history.clear()
    latency.clear()
    analysedRate.clear()
    cameraRate.clear()
    analysed = 0
    cameraFrames = 0
    seenBefore = 0
    droppedBefore = 0
    faceId.value = null
    stats.value = NO_STATS
    historyVersion.value++
  }

  return {
    phase,
    started,
    reading,
    voice,
    stats,
    notice,
    announcement,
    faceId,
    historyVersion,
    history,
    isLive,
    isMuted,
    camera,
    microphone,
    start,
    stop,
    leave,
    choose,
    attachVideo,
    drawn,
    devicesChanged,
    setMuted,
    chooseFace,
    warn,
    /** Seconds since the session's zero, now. */
    sessionSecs: (): number => (nowMs() - zeroMs) / 1000,
    /** Of this session; recordings speak to it. @throws Error without a session */
    link: (): LiveLink => {
      if (!link) throw new Error('no live session')
      return link
    },
  }
})
