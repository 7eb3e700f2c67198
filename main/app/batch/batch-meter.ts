import type { BatchStage } from '../../../preload/contract/batch'
import type { ClipProgress } from '../../engine/batch/clip-job'

/** What a clip asks of a host, before it was begun. */
export interface ClipLoad {
  readonly clipId: string
  /** Null where it is not known. */
  readonly durationSecs: number | null
  /** Whether pictures are read: these take many times as long as sound. */
  readonly readsFaces: boolean
}

/** Share of a clip's work that each stage is, by what the stages take on real clips; sums to 1. */
const STAGES_WITH_FACES = { probe: 0, hash: 0.02, speech: 0.1, face: 0.86, write: 0.02 } as const
const STAGES_WITHOUT = { probe: 0, hash: 0.05, speech: 0.93, face: 0, write: 0.02 } as const
const STAGE_ORDER = ['probe', 'hash', 'speech', 'face', 'write'] as const
/** Seconds of sound cost about so much of the same time of video; only until both were measured. */
const SOUND_COST = 0.06
/** Without this much measured work a remaining time would be a guess. */
const TELLING_SECS = 4
const TELLING_SHARE = 0.02
/** Frames a second are those of the latest so many milliseconds. */
const RATE_WINDOW_MS = 8000

interface RunningLoad {
  readonly load: ClipLoad
  readonly startedMs: number
  stage: BatchStage
  fraction: number
  isKnown: boolean
  frames: number
  readonly counts: FrameRate
}

/** Tells how far a batch is and how long it will still take, from the recorded time that was worked off per second so far. */
export class BatchMeter {
  readonly #nowMs: () => number
  readonly #running = new Map<string, RunningLoad>()
  #rate: FrameRate
  #frames = 0
  /** Per kind (faces, sound): recorded seconds done, and host seconds these took. */
  readonly #measured = { faces: { media: 0, host: 0 }, sound: { media: 0, host: 0 } }
  #settled: ClipLoad[] = []
  #activeMs = 0
  #sinceMs: number | null = null

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs
    this.#rate = new FrameRate(nowMs)
  }

  /** Forgets the batch before; what was learned of this computer's speed stays. */
  reset(): void {
    this.#running.clear()
    this.#settled = []
    this.#frames = 0
    this.#activeMs = 0
    this.#sinceMs = null
    this.#rate = new FrameRate(this.#nowMs)
  }

  /** The clock of the batch runs only while clips do. */
  resume(): void {
    this.#sinceMs ??= this.#nowMs()
  }

  pause(): void {
    if (this.#sinceMs !== null) this.#activeMs += this.#nowMs() - this.#sinceMs
    this.#sinceMs = null
    this.#rate = new FrameRate(this.#nowMs)
  }

  start(load: ClipLoad): void {
    this.#running.set(load.clipId, {
      load,
      startedMs: this.#nowMs(),
      stage: 'start',
      fraction: 0,
      isKnown: true,
      frames: 0,
      counts: new FrameRate(this.#nowMs),
    })
  }

  progress(clipId: string, progress: ClipProgress): void {
    const clip = this.#running.get(clipId)
    if (!clip) return
    this.#count(clip, progress.frames)
    clip.stage = progress.stage
    clip.isKnown = progress.fraction !== null || progress.stage === 'probe'
    // Never back: a stage of unknown length says less than what is known already.
    clip.fraction = Math.max(clip.fraction, fractionOf(progress, clip.load.readsFaces))
  }

  done(clipId: string, frames: number): void {
    const clip = this.#running.get(clipId)
    if (!clip) return
    this.#count(clip, frames)
    const measured = this.#measured[clip.load.readsFaces ? 'faces' : 'sound']
    measured.media += clip.load.durationSecs ?? 0
    if (clip.load.durationSecs !== null) measured.host += (this.#nowMs() - clip.startedMs) / 1000
    this.#settle(clip)
  }

  /** It failed: its share of the batch is over, and says nothing of the speed. */
  failed(clipId: string): void {
    const clip = this.#running.get(clipId)
    if (clip) this.#settle(clip)
  }

  stopped(clipId: string): void {
    this.#running.delete(clipId)
  }

  stageOf(clipId: string): BatchStage {
    return this.#running.get(clipId)?.stage ?? 'start'
  }

  /** 0..1; null while the length of the work is not known. */
  fractionOf(clipId: string): number | null {
    const clip = this.#running.get(clipId)
    return clip && (clip.isKnown || clip.fraction > 0) ? clip.fraction : null
  }

  framesPerSecOf(clipId: string): number | null {
    return this.#running.get(clipId)?.counts.perSec() ?? null
  }

  get framesPerSec(): number | null {
    return this.#rate.perSec()
  }

  get elapsedSecs(): number {
    return (this.#activeMs + (this.#sinceMs === null ? 0 : this.#nowMs() - this.#sinceMs)) / 1000
  }

  /** Share of the batch that is done, by host seconds. @param waiting clips that have not begun */
  fraction(waiting: readonly ClipLoad[]): number {
    const { before, after } = this.#costs(waiting)
    return before + after > 0 ? before / (before + after) : waiting.length === 0 ? 1 : 0
  }

  /**
   * Seconds until all is done; null while too little is measured.
   * @param lanes hosts at a time
   */
  remainingSecs(waiting: readonly ClipLoad[], lanes: number): number | null {
    const rate = this.#rates()
    if (!rate) return null
    const left = [...this.#running.values()].map(
      ({ load, fraction }) => this.#cost(load, rate, waiting) * (1 - fraction),
    )
    // Longest work there is binds one lane, whatever the others do.
    const all = [...left, ...waiting.map((load) => this.#cost(load, rate, waiting))]
    const together = all.reduce((sum, secs) => sum + secs, 0)
    const abreast = Math.max(1, Math.min(lanes, all.length))
    return Math.max(together / abreast, ...left, 0)
  }

  #costs(waiting: readonly ClipLoad[]): { before: number; after: number } {
    const rate = this.#rates() ?? { faces: 1, sound: SOUND_COST }
    let before = this.#settled.reduce((sum, load) => sum + this.#cost(load, rate, waiting), 0)
    let after = 0
    for (const { load, fraction } of this.#running.values()) {
      const cost = this.#cost(load, rate, waiting)
      before += cost * fraction
      after += cost * (1 - fraction)
    }
    for (const load of waiting) after += this.#cost(load, rate, waiting)
    return { before, after }
  }

  /** Host seconds per recorded second, by kind. */
  #rates(): Rates | null {
    const measure = (kind: 'faces' | 'sound') => {
      let { media, host } = this.#measured[kind]
      for (const { load, startedMs, fraction } of this.#running.values()) {
        if (load.readsFaces !== (kind === 'faces') || fraction < TELLING_SHARE || load.durationSecs === null)
          continue
        media += load.durationSecs * fraction
        host += (this.#nowMs() - startedMs) / 1000
      }
      return { media, host }
    }
    const faces = measure('faces')
    const sound = measure('sound')
    if (faces.host + sound.host < TELLING_SECS || faces.media + sound.media <= 0) return null
    const faceRate = faces.media > 0 ? faces.host / faces.media : sound.host / sound.media / SOUND_COST
    const soundRate = sound.media > 0 ? sound.host / sound.media : faceRate * SOUND_COST
    return { faces: faceRate, sound: soundRate }
  }

  #cost(load: ClipLoad, rate: Rates, others: readonly ClipLoad[]): number {
    const secs = load.durationSecs ?? meanDuration(others)
    return secs * (load.readsFaces ? rate.faces : rate.sound)
  }

  #count(clip: RunningLoad, frames: number): void {
    const more = Math.max(0, frames - clip.frames)
    clip.frames = Math.max(clip.frames, frames)
    this.#frames += more
    clip.counts.add(clip.frames)
    this.#rate.add(this.#frames)
  }

  #settle(clip: RunningLoad): void {
    this.#running.delete(clip.load.clipId)
    this.#settled.push(clip.load)
  }
}

interface Rates {
  readonly faces: number
  readonly sound: number
}

/** Of clips whose length is not known the mean of the others is the best guess. */
function meanDuration(loads: readonly ClipLoad[]): number {
  const known = loads.flatMap(({ durationSecs }) => (durationSecs === null ? [] : [durationSecs]))
  return known.length > 0 ? known.reduce((sum, secs) => sum + secs, 0) / known.length : 60
}

/** Share of a clip's whole work, 0..1. */
function fractionOf({ stage, fraction }: ClipProgress, readsFaces: boolean): number {
  const shares = readsFaces ? STAGES_WITH_FACES : STAGES_WITHOUT
  let before = 0
  for (const name of STAGE_ORDER) {
    if (name === stage) return Math.min(1, before + shares[name] * (fraction ?? 0))
    before += shares[name]
  }
  return before
}

/** How quickly a count has grown of late. */
class FrameRate {
  readonly #nowMs: () => number
  #samples: { readonly atMs: number; readonly count: number }[] = []

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  add(count: number): void {
    const atMs = this.#nowMs()
    this.#samples.push({ atMs, count })
    while ((this.#samples[1]?.atMs ?? Infinity) < atMs - RATE_WINDOW_MS) this.#samples.shift()
  }

  /** Null until there is enough to tell, or where nothing counts. */
  perSec(): number | null {
    const first = this.#samples[0]
    const last = this.#samples.at(-1)
    if (!first || !last || last.atMs - first.atMs < 500 || last.count === first.count) return null
    // A count that stands still slows down, rather than keeping its last rate for ever.
    return (last.count - first.count) / ((Math.max(last.atMs, this.#nowMs() - 1000) - first.atMs) / 1000)
  }
}
