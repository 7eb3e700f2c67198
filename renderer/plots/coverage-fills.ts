import { ROW_QUALITIES, type RowQuality } from '../../preload/contract/viewer-port'
import type { Fill, HatchKind } from './surface/surface'
import type { PlotTheme } from './theme'

/** States of the voice strip; code 3, no audio, is none of the speech analysis. */
export const VOICE_STATES = ['speech', 'silence', 'too_short', 'no_audio'] as const
export type VoiceState = (typeof VOICE_STATES)[number]

/** Plain colour: a full reading; lines on a tint: a reading of less worth; lines on the ground: none. */
const FACE_HATCHES: Readonly<Partial<Record<RowQuality, { kind: HatchKind; isReading: boolean }>>> = {
  no_face: { kind: 'diagonal', isReading: false },
  low_score: { kind: 'dots', isReading: true },
  small_face: { kind: 'horizontal', isReading: true },
  edge: { kind: 'vertical', isReading: true },
  excluded: { kind: 'cross', isReading: false },
  not_analysed: { kind: 'back-diagonal', isReading: false },
}

/** By code of the quality column. Hatches keep the states apart in greyscale. */
export function faceCoverageFills(theme: PlotTheme): Fill[] {
  const { ok, tint, line } = coverageColours(theme)
  return ROW_QUALITIES.map((quality) => {
    const hatch = FACE_HATCHES[quality]
    if (!hatch) return quality === 'ok' ? ok : theme.hatchGround
    return {
      kind: hatch.kind,
      colour: hatch.isReading ? line : theme.axis,
      ground: hatch.isReading ? tint : theme.ground,
      spacingPx: hatch.kind === 'dots' || hatch.kind === 'horizontal' ? 4 : 6,
    }
  })
}

/** By code of VOICE_STATES. */
export function voiceCoverageFills(theme: PlotTheme): Fill[] {
  const { voice, tint, line } = coverageColours(theme)
  return [
    voice,
    { kind: 'horizontal', colour: theme.grid, ground: theme.hatchGround, spacingPx: 4 },
    { kind: 'dots', colour: line, ground: tint, spacingPx: 4 },
    { kind: 'diagonal', colour: theme.axis, ground: theme.ground, spacingPx: 6 },
  ]
}

function coverageColours({ isDark }: PlotTheme): Record<'ok' | 'voice' | 'tint' | 'line', string> {
  return isDark
    ? { ok: '#3f8f74', voice: '#4a7fb5', tint: '#4a3b16', line: '#e8b64c' }
    : { ok: '#4fa487', voice: '#5b8fc7', tint: '#fbeecd', line: '#8a5a00' }
}
