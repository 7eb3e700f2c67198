import type { CodeKind } from '../../../preload/contract/annotation'
import type {
  ConflictRule,
  ForeignLabel,
  ImportChoices,
  OpenedImport,
} from '../../../preload/contract/interchange'

/** Offered where a tier that is left out names nobody. */
const UNKNOWN_OBSERVER = 'Imported'

/** What the dialog holds while its fields are being filled in. */
export interface TierDraft {
  readonly isTaken: boolean
  readonly observer: string
  readonly subject: string
  readonly set: string
}

export interface RecordingDraft {
  /** '': left out. */
  readonly clipToken: string
  readonly offsetText: string
  readonly tiers: readonly TierDraft[]
}

export interface LabelDraft {
  readonly label: string
  readonly kind: CodeKind
  readonly count: number
  /** '': left out. */
  readonly code: string
}

export interface ImportDraft {
  readonly recordings: readonly RecordingDraft[]
  readonly labels: readonly LabelDraft[]
  readonly conflicts: ConflictRule
}

/** @param openToken the clip that is open: where a file fits none, it is offered first */
export function draftOf(opened: OpenedImport, openToken: string | null): ImportDraft {
  return {
    recordings: opened.recordings.map(({ clipToken, offsetSecs, tiers }) => ({
      clipToken: clipToken ?? (opened.recordings.length === 1 ? (openToken ?? '') : ''),
      offsetText: String(offsetSecs),
      tiers: tiers.map(({ guess, observer }) => ({
        isTaken: guess.observer !== null,
        observer: guess.observer ?? (observer || UNKNOWN_OBSERVER),
        subject: guess.subject,
        set: guess.set,
      })),
    })),
    labels: labelsOf(opened),
    conflicts: 'skip',
  }
}

/** Labels of all tiers, each once, the most frequent first. */
function labelsOf({ recordings }: OpenedImport): LabelDraft[] {
  const found = new Map<string, LabelDraft>()
  for (const { label, kind, count, guess } of recordings.flatMap(({ tiers }) =>
    tiers.flatMap((tier): readonly ForeignLabel[] => tier.labels),
  )) {
    const key = keyOf({ label, kind })
    const known = found.get(key)
    found.set(key, known ? { ...known, count: known.count + count } : { label, kind, count, code: guess })
  }
  return [...found.values()].sort((a, b) => b.count - a.count)
}

export const keyOf = ({ label, kind }: Pick<LabelDraft, 'label' | 'kind'>): string => `${kind} ${label}`

/** Labels of tiers that are taken: the others need no code. */
export function labelsInUse(opened: OpenedImport, draft: ImportDraft): LabelDraft[] {
  const used = new Set<string>()
  opened.recordings.forEach(({ tiers }, place) => {
    const recording = draft.recordings[place]
    if (!recording || recording.clipToken === '') return
    tiers.forEach(({ labels }, index) => {
      if (recording.tiers[index]?.isTaken) for (const one of labels) used.add(keyOf(one))
    })
  })
  return draft.labels.filter((one) => used.has(keyOf(one)))
}

/** Null where the text is no number. */
export function offsetOf(text: string): number | null {
  const value = Number(text.trim().replace(',', '.') || '0')
  return Number.isFinite(value) ? value : null
}

export function choicesOf(draft: ImportDraft): ImportChoices {
  return {
    recordings: draft.recordings.map(({ clipToken, offsetText, tiers }) => ({
      clipToken: clipToken === '' ? null : clipToken,
      offsetSecs: offsetOf(offsetText) ?? 0,
      tiers: tiers.map(({ isTaken, observer, subject, set }) => ({
        observer: isTaken && observer.trim() !== '' ? observer.trim() : null,
        subject: subject.trim(),
        set: set.trim(),
      })),
    })),
    labels: draft.labels.map(({ label, kind, code }) => ({
      label,
      kind,
      code: code.trim() === '' ? null : code.trim(),
    })),
    conflicts: draft.conflicts,
  }
}
