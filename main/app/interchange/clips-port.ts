import { join } from 'node:path'
import { clipFileName } from '../../engine/export/write-clip'
import type { InterchangeMedia } from '../../engine/interchange/document'
import { readClipFacts } from '../../engine/results/clip-results'
import { ColumnBuffer, type ColumnSpec } from '../../engine/results/column-buffer'
import { readColumns } from '../../engine/results/csv-columns'
import type { ProjectSession } from '../projects/project-session'

/** What files need to know of the clips of the open project. */
export interface ClipFactsPort {
  readonly clipId: string
  readonly media: InterchangeMedia
  readonly durationSecs: number | null
}

export async function clipFacts(session: ProjectSession, token: string): Promise<ClipFactsPort> {
  const clip = session.clipOf(token)
  const durationSecs = clip.facts?.durationSecs ?? null
  return {
    clipId: clip.clipId,
    durationSecs,
    media: {
      path: clip.realPath,
      offsetSecs: 0,
      durationSecs,
      fps: await clipFps(session, token),
      hasVideo: clip.facts ? clip.facts.kind === 'video' : null,
      hasAudio: clip.facts?.hasSound ?? null,
    },
  }
}

/** Usual frames a second of a labelled clip; null where it is not labelled or has no pictures. */
export async function clipFps(session: ProjectSession, token: string): Promise<number | null> {
  const { clipId } = session.clipOf(token)
  if (session.stateOf(clipId).kind !== 'done') return null
  const { video } = (await readClipFacts(session.project.resultsFolder, clipId)).media
  const fps: unknown = video?.nominalFps ?? video?.measuredFps
  return typeof fps === 'number' && fps > 0 ? fps : null
}

/** Times of a labelled clip's frames, to the microsecond, as its table has them; null where it is not labelled. */
export async function frameTimes(session: ProjectSession, token: string): Promise<Float64Array | null> {
  const { clipId } = session.clipOf(token)
  if (session.stateOf(clipId).kind !== 'done') return null
  const buffer = new ColumnBuffer(Float64Array, { absent: Number.NaN })
  const column: ColumnSpec = { name: 'time_s', kind: { type: 'number' }, buffer, offset: 0, isRequired: true }
  const path = join(session.project.resultsFolder, clipFileName(clipId, 'frames.csv'))
  const { rowCount } = await readColumns(path, [column])
  // A frame with several faces has as many rows.
  return buffer.finish(rowCount).filter((secs, row, times) => row === 0 || secs !== times[row - 1])
}
