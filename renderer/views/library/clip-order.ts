import type { ProjectClip } from '../../../preload/contract/project'
import { EMOTIONS } from '../../design/emotion-colours'
import { currentLanguage } from '../../strings'

export const SORTS = ['name', 'added', 'duration', 'status', 'coverage', 'emotion'] as const
export type ClipSort = (typeof SORTS)[number]

export const FILTERS = ['all', 'new', 'active', 'done', 'failed', 'missing', 'warnings'] as const
export type ClipFilter = (typeof FILTERS)[number]

export interface ClipChoice {
  readonly search: string
  readonly filter: ClipFilter
  readonly sort: ClipSort
}

const STATUS_ORDER = ['running', 'queued', 'failed', 'missing', 'new', 'done'] as const

/** The clips to show, in their order. Every word of the search must stand in name, folder or emotion. */
export function chooseClips(
  clips: readonly ProjectClip[],
  { search, filter, sort }: ClipChoice,
): ProjectClip[] {
  const words = fold(search).split(/\s+/).filter(Boolean)
  const shown = clips.filter((clip) => {
    if (!passes(clip, filter)) return false
    if (words.length === 0) return true
    const text = fold(`${clip.name} ${clip.folder} ${clip.dominant ?? ''}`)
    return words.every((word) => text.includes(word))
  })
  const collator = new Intl.Collator(currentLanguage(), { numeric: true, sensitivity: 'base' })
  const byName = (a: ProjectClip, b: ProjectClip) =>
    collator.compare(a.name, b.name) || collator.compare(a.folder, b.folder)
  const compare = COMPARE[sort]
  return shown.sort((a, b) => compare(a, b) || byName(a, b))
}

const COMPARE: Readonly<Record<ClipSort, (a: ProjectClip, b: ProjectClip) => number>> = {
  name: () => 0,
  added: (a, b) => (a.addedAt < b.addedAt ? 1 : a.addedAt > b.addedAt ? -1 : 0),
  duration: (a, b) => (b.durationSecs ?? -1) - (a.durationSecs ?? -1),
  status: (a, b) => STATUS_ORDER.indexOf(a.status) - STATUS_ORDER.indexOf(b.status),
  // What has no coverage yet has none to worry about.
  coverage: (a, b) => (a.faceCoverage ?? 2) - (b.faceCoverage ?? 2),
  emotion: (a, b) => emotionPlace(a) - emotionPlace(b),
}

/** In canonical order; what has no reading comes last. */
function emotionPlace({ dominant }: ProjectClip): number {
  return dominant ? EMOTIONS.indexOf(dominant) : EMOTIONS.length
}

function passes(clip: ProjectClip, filter: ClipFilter): boolean {
  switch (filter) {
    case 'all':
      return true
    case 'active':
      return clip.status === 'queued' || clip.status === 'running'
    case 'warnings':
      return clip.warnings.length > 0
    case 'new':
    case 'done':
    case 'failed':
    case 'missing':
      return clip.status === filter
  }
}

/** Without capitals and accents, so that "jose" finds "José". */
function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}
