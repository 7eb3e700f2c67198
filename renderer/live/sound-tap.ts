import { SoundClock } from './sound-clock'
import workletUrl from './sound-worklet.ts?worker&url'

/** Mono sound, and when its first sample was captured on the clock of performance.timeOrigin. */
export interface SoundBlock {
  readonly samples: Float32Array
  readonly sampleRateHz: number
  readonly capturedAtMs: number
}

export interface SoundTap {
  close(): Promise<void>
}

export const nowMs = (): number => performance.timeOrigin + performance.now()

/**
 * Hands over the sound of a microphone in blocks. The track is not played.
 * @param sampleRateHz the rate that is wanted; the browser resamples to it
 */
export async function openSoundTap(
  track: MediaStreamTrack,
  sampleRateHz: number,
  onBlock: (block: SoundBlock) => void,
): Promise<SoundTap> {
  const context = new AudioContext({ sampleRate: sampleRateHz, latencyHint: 'interactive' })
  try {
    await context.audioWorklet.addModule(workletUrl)
    const source = context.createMediaStreamSource(new MediaStream([track]))
    const tap = new AudioWorkletNode(context, 'unmask-sound-tap', { numberOfOutputs: 0 })
    const clock = new SoundClock(context.sampleRate)
    tap.port.onmessage = ({ data }: MessageEvent<{ samples: Float32Array; firstSample: number }>) =>
      onBlock({
        samples: data.samples,
        sampleRateHz: context.sampleRate,
        capturedAtMs: clock.capturedAtMs(data.firstSample, data.samples.length, nowMs()),
      })
    source.connect(tap)
    if (context.state === 'suspended') await context.resume()
    return {
      close: async () => {
        tap.port.onmessage = null
        source.disconnect()
        await context.close()
      },
    }
  } catch (error) {
    await context.close()
    throw error
  }
}
