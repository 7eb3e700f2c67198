import { z } from 'zod'
import type { LiveReading, LiveStarted } from '../../../preload/contract/live-port'
import { type ClipModels, openClipModels } from '../../engine/clip-models'
import { UnmaskError } from '../../engine/errors'
import { openBackend } from '../../engine/inference/backend'
import type { BackendReport } from '../../engine/inference/backend-choice'
import { liveRows } from '../../engine/live/live-csv'
import { LiveSession } from '../../engine/live/live-session'
import { type FinishedRecording, LiveRecording } from '../../engine/live/recording'
import { handler, type PortContext, type PortHandlers, servePort, type ServerPort } from '../port-server'
import { FeatureBatch } from './feature-batch'
import {
  audioSchema,
  chunkSchema,
  finishSchema,
  frameSchema,
  type LiveOrder,
  liveOrderSchema,
  startRecordingSchema,
  startSessionSchema,
} from './live-orders'
import { dropAlpha, toLiveFace, toLiveVoice, toVoiceReading } from './to-contract'

type Configuration = Extract<LiveOrder, { type: 'configure' }>

interface Running {
  readonly session: LiveSession
  readonly zeroMs: number
  readonly rgb: { bytes: Uint8Array }
}

const FEATURE_COLUMNS_A_MESSAGE = 5

/** The live process: configured by main, asked by the window. Loads the models once; a session is begun as often as wanted. */
export class LiveDesk {
  private configuration: Configuration | null = null
  private opened: Promise<{ backend: BackendReport; models: ClipModels }> | null = null
  private running: Running | null = null
  private order: Extract<LiveOrder, { type: 'record' }> | null = null
  private recording: Promise<LiveRecording> | null = null
  private recordingStartSecs = 0

  /** @throws ZodError where main sent something else: a fault of the program */
  obey(message: unknown, ports: readonly ServerPort[]): void {
    const order = liveOrderSchema.parse(message)
    switch (order.type) {
      case 'configure':
        this.configuration = order
        return
      case 'port':
        for (const port of ports) servePort(port, this.handlers)
        return
      case 'record':
        this.order = order
        return
    }
  }

  private readonly handlers: PortHandlers = {
    startSession: handler(startSessionSchema, (ask, context) => this.start(ask, context)),
    analyseFrame: handler(frameSchema, (ask) => this.analyse(ask)),
    pushAudio: handler(audioSchema, (ask) => this.hear(ask)),
    startRecording: handler(startRecordingSchema, (ask) => this.startRecording(ask.startedAtMs)),
    recordChunk: handler(chunkSchema, ({ bytes }) => this.record(bytes)),
    finishRecording: handler(finishSchema, ({ isWanted }) => this.finish(isWanted)),
    endSession: handler(z.null(), async () => {
      this.running = null
      await this.finish(true)
      return null
    }),
  }

  private async start(ask: z.output<typeof startSessionSchema>, { emit }: PortContext): Promise<LiveStarted> {
    const { configuration } = this
    if (!configuration) throw new UnmaskError('internal', 'the live process was not configured')
    this.opened ??= open(configuration)
    // A failure to load is told and may be mended: the next start tries again.
    this.opened.catch(() => (this.opened = null))
    const { backend, models } = await this.opened
    const { settings } = configuration
    const used: ClipModels = {
      face: ask.withVideo ? models.face : null,
      speech: ask.withAudio ? models.speech : null,
    }
    const session: LiveSession = new LiveSession({
      models: used,
      settings,
      onColumn: (column) => features.add(column),
      onVoice: (voice, timeSecs) => emit('voice', toVoiceReading(voice, timeSecs)),
    })
    const { columnHopSecs } = session.voice
    const features = new FeatureBatch(columnHopSecs, FEATURE_COLUMNS_A_MESSAGE, (batch) =>
      emit('features', batch),
    )
    this.running = { session, zeroMs: ask.zeroMs, rgb: { bytes: new Uint8Array(0) } }
    return {
      backend: backend.description,
      refused: backend.refused.map(({ name, reason }) => ({ name, reason })),
      faceModel: used.face?.model.card.id ?? null,
      speechModel: used.speech?.card.id ?? null,
      detector: used.face?.detector.name ?? null,
      sampleRateHz: session.voice.sampleRateHz,
      bandHz: session.voice.bandHz,
      windowSecs: settings.speech.windowSecs,
      speechHopSecs: settings.speech.hopSecs,
    }
  }

  private async analyse(ask: z.output<typeof frameSchema>): Promise<LiveReading> {
    const { session, zeroMs, rgb } = this.requireRunning()
    const { frameNumber, capturedAtMs, widthPx, heightPx, droppedSoFar } = ask
    const timeSecs = (capturedAtMs - zeroMs) / 1000
    const startMs = performance.now()
    if (rgb.bytes.length !== 3 * widthPx * heightPx) rgb.bytes = new Uint8Array(3 * widthPx * heightPx)
    dropAlpha(ask.rgba, rgb.bytes)
    const moment = await session.addFrame({ widthPx, heightPx, rgb: rgb.bytes }, timeSecs)
    const analysisMs = performance.now() - startMs
    if (this.recording && timeSecs >= this.recordingStartSecs) {
      const facts = { frameNumber, droppedSoFar, analysisMs, recordingStartSecs: this.recordingStartSecs }
      await (await this.recording).addRows(liveRows(moment, facts))
    }
    return {
      frameNumber,
      capturedAtMs,
      timeSecs,
      widthPx,
      heightPx,
      faces: moment.faces.map(toLiveFace),
      voice: moment.voice && toLiveVoice(moment.voice),
      analysisMs,
    }
  }

  private async hear({ capturedAtMs, samples }: z.output<typeof audioSchema>): Promise<null> {
    const { session, zeroMs } = this.requireRunning()
    await session.addSound(samples, (capturedAtMs - zeroMs) / 1000)
    return null
  }

  private async startRecording(startedAtMs: number): Promise<null> {
    const { zeroMs } = this.requireRunning()
    if (this.recording) throw new UnmaskError('usage.invalid', 'a recording is running; finish it first')
    if (!this.order) throw new UnmaskError('usage.invalid', 'no place was chosen for the recording')
    const opening = LiveRecording.open(this.order)
    this.order = null
    this.recording = opening
    this.recordingStartSecs = (startedAtMs - zeroMs) / 1000
    try {
      await opening
    } catch (error) {
      this.recording = null
      throw error
    }
    return null
  }

  private async record(bytes: Uint8Array): Promise<null> {
    if (!this.recording) throw new UnmaskError('usage.invalid', 'no recording is running')
    await (await this.recording).addMedia(bytes)
    return null
  }

  private async finish(isWanted: boolean): Promise<FinishedRecording | null> {
    const recording = this.recording
    this.recording = null
    this.order = null
    return recording ? (await recording).finish(isWanted) : null
  }

  private requireRunning(): Running {
    if (!this.running) throw new UnmaskError('usage.invalid', 'no live session is running; start one first')
    return this.running
  }
}

async function open({ host }: Configuration): Promise<{ backend: BackendReport; models: ClipModels }> {
  const backend = await openBackend(host.backend)
  return { backend, models: await openClipModels(host) }
}
