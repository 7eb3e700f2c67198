import { dirname, relative } from 'node:path'
import type { ProjectClip } from '../../../preload/contract/project'
import type { SourceIdentity } from '../../engine/batch/journal'
import type { Fault } from '../../engine/errors'
import type { ClipState } from '../../engine/project/clip-state'
import type { ProjectClipPath } from '../../engine/project/project'

/** What is known of a clip of the open project. */
export interface ClipKnowledge {
  readonly token: string
  readonly clip: ProjectClipPath
  readonly state: ClipState
  /** The recording as it is on the disk; null where it is not there. */
  readonly source: SourceIdentity | null
  /** Set while a batch has it. */
  readonly live: 'queued' | 'running' | null
  /** Why nothing could be told about the recording before it was labelled. */
  readonly probeFault: Fault | null
  /** Whoever uses the window codes it blind: what the models found stays hidden. */
  readonly isBlind: boolean
}

/** The clip as the window shows it. */
export function clipView(known: ClipKnowledge, projectFolder: string): ProjectClip {
  const { token, clip, state, source, probeFault } = known
  const findings = 'findings' in state ? state.findings : null
  const facts = clip.facts ?? findings?.facts ?? null
  const folder = dirname(clip.path.includes('/') || clip.path.includes('\\') ? clip.path : './x')
  return {
    token,
    clipId: clip.clipId,
    name: nameOf(clip.realPath),
    folder:
      folder === '.'
        ? ''
        : clip.path === clip.realPath
          ? folder
          : relative(projectFolder, dirname(clip.realPath)),
    kind: facts?.kind ?? null,
    durationSecs: facts?.durationSecs ?? findings?.facts.durationSecs ?? null,
    sizeBytes: source?.sizeBytes ?? clip.sizeBytes,
    addedAt: clip.addedAt,
    status: statusOf(known),
    hasResults: findings !== null,
    isOutdated: state.kind === 'outdated',
    isInterrupted: state.kind === 'interrupted',
    analysedAt: findings?.analysedAt ?? null,
    faceCoverage: findings?.faceCoverage ?? null,
    speechSecs: findings?.speechSecs ?? null,
    dominant: known.isBlind ? null : (findings?.dominant ?? null),
    warnings: findings?.warnings ?? [],
    problem: problemOf(state, probeFault),
    thumbnailUrl: facts?.kind === 'video' && source ? `unmask-media://thumbnail/${token}` : null,
  }
}

function nameOf(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path
}

function statusOf({ state, source, live }: ClipKnowledge): ProjectClip['status'] {
  if (live) return live
  if (!source) return 'missing'
  switch (state.kind) {
    case 'done':
      return 'done'
    case 'failed':
      return 'failed'
    case 'new':
    case 'interrupted':
    case 'outdated':
      return 'new'
  }
}

function problemOf(state: ClipState, probeFault: Fault | null): ProjectClip['problem'] {
  if (state.kind === 'failed') return { ...state.fault, stage: state.stage }
  return probeFault && { ...probeFault, stage: 'probe' }
}
