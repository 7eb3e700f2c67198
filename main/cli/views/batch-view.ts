import type { BatchEvent } from '../../engine/batch/run-batch'

/** Shows a batch while it runs. Everything it says goes to stderr, but for the JSON events, which go to stdout. */
export interface BatchView {
  onEvent(event: BatchEvent): void
  /** A remark that is not an event: the backend, an interruption. */
  note(line: string): void
  stop(): void
}

/** How far a batch is, by the bytes of its sources: clips differ too much for their number to tell the time. */
export class BatchMeter {
  #totalBytes = 0
  #doneBytes = 0
  #startedMs = 0
  #frames = 0
  readonly #active = new Map<
    string,
    { sizeBytes: number; fraction: number; frames: number; startedMs: number }
  >()
  clips = 0
  settled = 0

  constructor(private readonly nowMs: () => number = () => performance.now()) {}

  onEvent(event: BatchEvent): void {
    switch (event.type) {
      case 'start':
        this.#totalBytes = event.totalBytes
        this.#startedMs = this.nowMs()
        this.clips = event.clips
        return
      case 'clip-start':
        this.#active.set(event.clipId, {
          sizeBytes: Math.max(0, event.sizeBytes),
          fraction: 0,
          frames: 0,
          startedMs: this.nowMs(),
        })
        return
      case 'clip-progress': {
        const clip = this.#active.get(event.clipId)
        if (!clip) return
        clip.fraction = event.progress.fraction ?? clip.fraction
        clip.frames = event.progress.frames
        return
      }
      case 'clip-done':
        this.#settle(event.clipId, event.outcome.frames)
        return
      case 'clip-failed':
        this.#settle(event.failed.clipId, 0)
        return
      case 'end':
        return
    }
  }

  #settle(clipId: string, frames: number): void {
    const clip = this.#active.get(clipId)
    // Inputs that failed before they began are not among the clips of 'start'.
    if (!clip) return
    this.#active.delete(clipId)
    this.#doneBytes += clip.sizeBytes
    this.#frames += frames
    this.settled++
  }

  /** 0..1 */
  get fraction(): number {
    if (this.#totalBytes === 0) return this.clips === 0 ? 1 : this.settled / this.clips
    let bytes = this.#doneBytes
    for (const clip of this.#active.values()) bytes += clip.sizeBytes * clip.fraction
    return Math.min(1, bytes / this.#totalBytes)
  }

  get elapsedSecs(): number {
    return (this.nowMs() - this.#startedMs) / 1000
  }

  get framesPerSec(): number {
    let frames = this.#frames
    for (const clip of this.#active.values()) frames += clip.frames
    return this.elapsedSecs > 0 ? frames / this.elapsedSecs : 0
  }

  /** Null until enough is done to tell. */
  get remainingSecs(): number | null {
    const fraction = this.fraction
    if (fraction < 0.01 || this.elapsedSecs < 1) return null
    return (this.elapsedSecs * (1 - fraction)) / fraction
  }

  clipFramesPerSec(clipId: string): number {
    const clip = this.#active.get(clipId)
    if (!clip) return 0
    const secs = (this.nowMs() - clip.startedMs) / 1000
    return secs > 0 ? clip.frames / secs : 0
  }
}

export function formatDuration(secs: number | null): string {
  if (secs === null) return '--:--'
  const whole = Math.max(0, Math.round(secs))
  const hours = Math.floor(whole / 3600)
  const minutes = Math.floor((whole % 3600) / 60)
  const padded = (value: number) => String(value).padStart(2, '0')
  return hours > 0
    ? `${hours}:${padded(minutes)}:${padded(whole % 60)}`
    : `${padded(minutes)}:${padded(whole % 60)}`
}
