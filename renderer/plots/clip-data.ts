import type { OpenedClip } from '../../preload/contract/viewer-port'
import type { ClipPlotData } from './clip-series'

/** What is plotted of an opened clip. */
export function plotDataOf(
  opened: Pick<OpenedClip, 'clip' | 'rows' | 'windows' | 'segments' | 'moments' | 'faces'>,
): ClipPlotData {
  const { clip, faces } = opened
  return {
    rows: opened.rows,
    windows: opened.windows,
    segments: opened.segments,
    moments: opened.moments,
    framesPerSec: clip.framesPerSec,
    modalities: clip.modalities,
    // A clip with a single still cover picture, say, has rows at the speech hop in spite of it.
    hasVideo: clip.rowSource === 'video',
    hasAudio: clip.audio !== null,
    faceNames: new Map(faces.map(({ faceId, subjectId }) => [faceId, subjectId])),
    faceIds: faces.map(({ faceId }) => faceId),
  }
}
