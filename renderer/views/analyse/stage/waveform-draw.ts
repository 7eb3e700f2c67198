import type { WaveformColumns } from '../../../../preload/contract/viewer-port'
import type { Size } from './stage-geometry'

export type WaveformContext = Pick<
  CanvasRenderingContext2D,
  'setTransform' | 'clearRect' | 'fillRect' | 'fillStyle' | 'globalAlpha'
>

export interface WaveformScene {
  readonly stage: Size
  readonly pixelRatio: number
  readonly durationSecs: number
  readonly playheadSecs: number
  readonly colours: {
    readonly played: string
    readonly ahead: string
    readonly axis: string
    readonly playhead: string
  }
}

const HEIGHT_SHARE = 0.8

/** The whole clip's sound over the stage: extremes pale, root mean square full; what has been played in the accent colour. */
export function drawWaveform(
  context: WaveformContext,
  waveform: WaveformColumns | null,
  scene: WaveformScene,
): void {
  const { stage, pixelRatio, durationSecs, playheadSecs, colours } = scene
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0)
  context.clearRect(0, 0, stage.widthPx, stage.heightPx)
  const middlePx = stage.heightPx / 2
  const x = (secs: number) => (secs / Math.max(durationSecs, 1e-9)) * stage.widthPx
  context.globalAlpha = 1
  context.fillStyle = colours.axis
  context.fillRect(0, middlePx - 0.5, stage.widthPx, 1)
  if (waveform) {
    const full = fullScale(waveform)
    const halfPx = (stage.heightPx / 2) * HEIGHT_SHARE
    const columnPx = Math.max(1 / pixelRatio, x(waveform.stepSecs))
    for (let column = 0; column < waveform.columns; column++) {
      const secs = waveform.startSecs + column * waveform.stepSecs
      const high = waveform.maximum[column]! / full
      const low = waveform.minimum[column]! / full
      const rms = waveform.rms[column]! / full
      if (Number.isNaN(high)) continue
      context.fillStyle = secs < playheadSecs ? colours.played : colours.ahead
      context.globalAlpha = 0.4
      context.fillRect(x(secs), middlePx - high * halfPx, columnPx, Math.max(1, (high - low) * halfPx))
      context.globalAlpha = 1
      context.fillRect(x(secs), middlePx - rms * halfPx, columnPx, rms * 2 * halfPx)
    }
  }
  context.globalAlpha = 1
  context.fillStyle = colours.playhead
  context.fillRect(x(playheadSecs) - 1, 0, 2, stage.heightPx)
}

/** Quiet recordings fill the stage as well as loud ones; silence is not blown up. */
function fullScale({ maximum, minimum, columns }: WaveformColumns): number {
  let peak = 0
  for (let column = 0; column < columns; column++)
    peak = Math.max(peak, maximum[column]! || 0, -minimum[column]! || 0)
  return Math.max(peak, 0.02)
}
