import type { ClipContext } from '../../../main/engine/export/clip-context'
import { type AnalysisSettingsInput, analysisSettings } from '../../../main/engine/timeline/settings'
import type { ClipTimeline } from '../../../main/engine/timeline/types'
import {
  buildTimeline,
  faceCard,
  faceFrames,
  mediaInfo,
  observation,
  speechCard,
  spoken,
} from '../timeline/fixtures'

/** Ten seconds: happiness, a second without a face, then anger; two faces in the last two seconds; voice 1 to 8 s. */
export function sampleTimeline(settings?: AnalysisSettingsInput): ClipTimeline {
  const frames = faceFrames(250, 25, (timeSecs) => (timeSecs < 4 ? 1 : timeSecs < 5 ? null : 3)).map(
    (frame) =>
      frame.timeSecs < 8
        ? frame
        : { ...frame, faces: [...frame.faces, observation(6, { trackId: 2, quality: 'edge' as const })] },
  )
  return buildTimeline(frames, {
    speech: spoken(10, 1, 8, (centre) => (centre < 4 ? 1 : 2)),
    speechCard,
    settings,
  })
}

export function clipContext(
  changes: Partial<ClipContext> = {},
  settings?: AnalysisSettingsInput,
): ClipContext {
  const media = mediaInfo()
  return {
    clipId: 'clip 01',
    fileName: 'clip 01.mp4',
    mediaPath: '/data/clips/clip 01 (ñ) & "more".mp4',
    sha256: 'c'.repeat(64),
    media,
    settings: analysisSettings(settings),
    faceCard,
    speechCard,
    appVersion: '0.1.0',
    backend: { name: 'wasm', details: { threads: '2' } },
    versions: { node: '20.19.0', ffmpeg: '7.1' },
    timingsSecs: { face: 1.5 },
    analysedAt: '2026-03-01T12:00:00.000Z',
    ...changes,
  }
}

export const ALL_EXPORTS = { long: true, eaf: true, textgrid: true, boris: true, bom: false }
export const NO_EXPORTS = { long: false, eaf: false, textgrid: false, boris: false, bom: false }

/** A table as objects by header. */
export function asRecords(lines: readonly (readonly string[])[]): Record<string, string>[] {
  const [header = [], ...rest] = lines
  return rest.map((cells) => Object.fromEntries(header.map((name, place) => [name, cells[place] ?? ''])))
}
