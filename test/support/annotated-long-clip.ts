import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { SegmentItem, Study } from '../../preload/contract/annotation'
import { defaultScheme } from '../../main/engine/annotation/default-study'
import { writeCodedProject } from './coded-project'
import { loopClip } from './loop-clip'
import { writeLongResults } from './long-results'
import { makeClip } from './media-fixtures'

export interface LongProject {
  readonly folder: string
  readonly clipId: string
  readonly durationSecs: number
  readonly observerNames: readonly string[]
}

/** The recording repeats a piece of this length. */
const PART_SECS = 30

/**
 * A project with one clip of two hours at 30 frames a second, labelled, and coded by ten observers with 5,000 bouts each. The
 * recording is as long as its results: every edge has a frame to lie on.
 * @param folder an empty one
 */
export async function writeLongProject(
  folder: string,
  { durationSecs = 7200, fps = 30, observers = 10, boutsEach = 5000 } = {},
): Promise<LongProject> {
  const clipId = 'two-hours'
  const project = join(folder, 'study')
  const results = join(project, 'results')
  await mkdir(results, { recursive: true })
  const path = join(folder, `${clipId}.mp4`)
  const part = join(folder, 'part.mp4')
  await makeClip({ path: part, video: { frames: PART_SECS * fps, fps } })
  await loopClip(part, path, durationSecs)
  await writeLongResults(results, { clipId, durationSecs, fps, mediaPath: path })
  const names = Array.from({ length: observers }, (_, at) => `Observer ${at + 1}`)
  const study: Study = {
    scheme: defaultScheme(),
    observers: names.map((name, at) => ({ id: `observer-${at}`, name, isBlind: false })),
    subjects: [],
    variables: [],
  }
  const items = names.flatMap((_, at) => longTier(`observer-${at}`, at, { boutsEach, durationSecs, fps }))
  await writeCodedProject(project, study, [{ clipId, path, durationSecs, items }])
  return { folder: project, clipId, durationSecs, observerNames: names }
}

/** Bouts on frames, every third with a gap before it, with labels in an order of each observer's own. */
function longTier(
  observerId: string,
  seed: number,
  { boutsEach, durationSecs, fps }: { boutsEach: number; durationSecs: number; fps: number },
): SegmentItem[] {
  const codes = defaultScheme().codes.map(({ id }) => id)
  const strideFrames = Math.floor((durationSecs * fps) / boutsEach)
  return Array.from({ length: boutsEach }, (_, at) => {
    const startFrame = at * strideFrames + (at % 3 === 0 ? 2 : 0)
    return {
      id: `${observerId}-${at}`,
      kind: 'segment' as const,
      observerId,
      subjectId: '',
      codeId: codes[(at * (seed + 2) + seed) % codes.length]!,
      startSecs: startFrame / fps,
      endSecs: ((at + 1) * strideFrames) / fps,
      status: 'added' as const,
      orig: null,
      confidence: at % 11 === 0 ? 0.3 : null,
      comment: '',
      editedAt: '2026-03-02T10:00:00.000Z',
    }
  })
}
