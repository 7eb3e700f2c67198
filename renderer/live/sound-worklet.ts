/** Samples in a block that is sent on: 64 ms at 16 kHz, a quarter of the speech hop. */
const BLOCK_SAMPLES = 1024

/** What an AudioWorkletGlobalScope has; TypeScript's DOM library leaves it out. */
interface WorkletProcessor {
  readonly port: MessagePort
}
declare const AudioWorkletProcessor: new () => WorkletProcessor
declare const currentFrame: number
declare function registerProcessor(name: string, processor: new () => WorkletProcessor): void

/** Mixes what it hears to one channel and sends it on in blocks; runs on the sound thread and allocates once a block. */
class SoundTapProcessor extends AudioWorkletProcessor {
  private block = new Float32Array(BLOCK_SAMPLES)
  private filled = 0
  private firstSample = 0

  process(inputs: readonly (readonly Float32Array[])[]): boolean {
    const channels = inputs[0] ?? []
    const length = channels[0]?.length ?? 0
    for (let at = 0; at < length; at++) {
      if (this.filled === 0) this.firstSample = currentFrame + at
      let sum = 0
      for (const channel of channels) sum += channel[at] ?? 0
      this.block[this.filled++] = sum / channels.length
      if (this.filled === BLOCK_SAMPLES) this.send()
    }
    return true
  }

  private send(): void {
    const samples = this.block
    this.port.postMessage({ samples, firstSample: this.firstSample }, [samples.buffer])
    this.block = new Float32Array(BLOCK_SAMPLES)
    this.filled = 0
  }
}

registerProcessor('unmask-sound-tap', SoundTapProcessor)
