import type { AudioBlock } from './types'

const BYTES_PER_SAMPLE = 4

/** Gathers the small frames of a decoder into blocks of one size; a block never spans a gap. */
export class BlockWriter {
  private readonly ready: AudioBlock[] = []
  private block: Float32Array
  private filled = 0
  private blockStart = 0
  /** The sample after the last one taken; null before the first. */
  private end: number | null = null

  constructor(private readonly blockSamples: number) {
    this.block = new Float32Array(blockSamples)
  }

  get endSample(): number | null {
    return this.end
  }

  /** Goes on at `startSample`. What would overlap samples already taken is dropped by `write`. */
  seek(startSample: number): void {
    this.flush()
    this.blockStart = startSample
  }

  /** @param bytes float32 samples in native byte order, of any alignment */
  write(bytes: Uint8Array): void {
    let from = 0
    const samples = bytes.byteLength / BYTES_PER_SAMPLE
    const position = this.blockStart + this.filled
    if (this.end !== null && position < this.end) {
      from = Math.min(samples, this.end - position)
      this.blockStart += from
    }
    while (from < samples) {
      const count = Math.min(samples - from, this.blockSamples - this.filled)
      const target = new Uint8Array(
        this.block.buffer,
        this.filled * BYTES_PER_SAMPLE,
        count * BYTES_PER_SAMPLE,
      )
      target.set(bytes.subarray(from * BYTES_PER_SAMPLE, (from + count) * BYTES_PER_SAMPLE))
      this.filled += count
      from += count
      this.end = this.blockStart + this.filled
      if (this.filled === this.blockSamples) this.flush()
    }
  }

  flush(): void {
    if (this.filled === 0) return
    const samples = this.filled === this.blockSamples ? this.block : this.block.slice(0, this.filled)
    limit(samples)
    this.ready.push({ startSample: this.blockStart, samples })
    this.blockStart += this.filled
    this.filled = 0
    this.block = new Float32Array(this.blockSamples)
  }

  take(): AudioBlock | null {
    return this.ready.shift() ?? null
  }
}

/** Decoders and resamplers overshoot full scale a little, and float files may hold anything, even NaN. */
function limit(samples: Float32Array): void {
  for (let place = 0; place < samples.length; place++) {
    const value = samples[place] ?? 0
    if (!(value >= -1 && value <= 1)) samples[place] = value > 1 ? 1 : value < -1 ? -1 : 0
  }
}
