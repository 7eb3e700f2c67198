import type { ProjectClip } from '../../preload/contract/project'

/** A clip as the main process tells it; new unless said otherwise. */
export function projectClip(token: string, facts: Partial<ProjectClip> = {}): ProjectClip {
  return {
    token,
    clipId: token,
    name: `${token}.mp4`,
    folder: '',
    kind: 'video',
    durationSecs: 10,
    sizeBytes: 1000,
    addedAt: '2026-01-01T00:00:00.000Z',
    status: 'new',
    hasResults: false,
    isOutdated: false,
    isInterrupted: false,
    analysedAt: null,
    faceCoverage: null,
    speechSecs: null,
    dominant: null,
    warnings: [],
    problem: null,
    thumbnailUrl: null,
    ...facts,
  }
}
