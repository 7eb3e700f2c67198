import type {
  BaselineItem,
  Code,
  CommentItem,
  ExclusionItem,
  SegmentItem,
} from '../../../preload/contract/annotation'
import type { FinalStretch } from '../../../preload/contract/tier-rules'
import { type LaneBar, laneIndex, type LaneIndex } from './lane-index'

/** A coder who states less is marked as unsure. */
export const UNSURE_BELOW = 0.5
/** Of a code that the scheme no longer has. */
export const UNKNOWN_COLOUR = '#8a929e'

export type CodeById = ReadonlyMap<string, Code>

const PLAIN = {
  label: '',
  state: 'plain',
  struckText: null,
  isUnsure: false,
  hasComment: false,
  suffix: '',
  isUnderlined: false,
} as const

/** @param segments by start @param unknownText stands for a code that the scheme no longer has */
export function segmentBars(
  segments: readonly SegmentItem[],
  codes: CodeById,
  unknownText: string,
): LaneIndex {
  return laneIndex(segments.map((item) => segmentBar(item, codes, unknownText)))
}

export function segmentBar(item: SegmentItem, codes: CodeById, unknownText: string): LaneBar {
  const code = codes.get(item.codeId)
  const text = code?.name ?? unknownText
  const before = item.orig?.label ?? null
  return {
    ...PLAIN,
    id: item.id,
    startSecs: item.startSecs,
    endSecs: item.endSecs,
    text,
    label: code?.name ?? '',
    colour: code?.colour ?? UNKNOWN_COLOUR,
    state: item.status === 'added' ? 'plain' : item.status,
    struckText: item.status !== 'rejected' && before !== text ? before : null,
    isUnsure: item.confidence !== null && item.confidence < UNSURE_BELOW,
    hasComment: item.comment !== '',
  }
}

export interface Proposal {
  readonly id: string
  readonly label: string
  readonly startSecs: number
  readonly endSecs: number
  /** Mean probability of the label, 0..1; null: not known. */
  readonly meanValue: number | null
  readonly isByHuman: boolean
}

/** The model's segments, each with what the observer made of it. @param proposals by start */
export function proposalBars(
  proposals: readonly Proposal[],
  options: {
    readonly colourOf: (label: string) => string
    readonly textOf: (label: string) => string
    readonly codes: CodeById
    readonly unknownText: string
    /** The observer's items that came from a proposal, by its id. */
    readonly corrections: ReadonlyMap<string, readonly SegmentItem[]>
  },
): LaneIndex {
  return laneIndex(
    proposals.map((proposal): LaneBar => {
      const corrections = options.corrections.get(proposal.id) ?? []
      const kept = corrections.find(({ status }) => status !== 'rejected')
      const text = options.textOf(proposal.label)
      const base: LaneBar = {
        ...PLAIN,
        id: proposal.id,
        startSecs: proposal.startSecs,
        endSecs: proposal.endSecs,
        text,
        label: proposal.label,
        colour: options.colourOf(proposal.label),
        isUnsure: proposal.meanValue !== null && proposal.meanValue < UNSURE_BELOW,
        isUnderlined: proposal.isByHuman,
      }
      if (corrections.length === 0) return base
      if (!kept) return { ...base, state: 'rejected', isUnsure: false }
      const code = options.codes.get(kept.codeId)
      const label = code?.name ?? options.unknownText
      if (kept.status === 'confirmed' || label === proposal.label)
        return { ...base, state: kept.status === 'edited' ? 'edited' : 'confirmed', isUnsure: false }
      return {
        ...base,
        state: 'edited',
        text: options.textOf(label),
        label,
        struckText: text,
        colour: code?.colour ?? UNKNOWN_COLOUR,
        isUnsure: false,
      }
    }),
  )
}

/** The final tier, each stretch with where its label comes from. @param stretches by start */
export function finalBars(
  stretches: readonly FinalStretch[],
  options: {
    readonly colourOf: (label: string) => string
    readonly textOf: (label: string) => string
    readonly sourceOf: (source: FinalStretch['source']) => string
  },
): LaneIndex {
  return laneIndex(
    stretches.map(({ startSecs, endSecs, label, source }, at) => ({
      ...PLAIN,
      id: `final-${at}`,
      startSecs,
      endSecs,
      text: options.textOf(label),
      label,
      colour: options.colourOf(label),
      suffix: `(${options.sourceOf(source)})`,
      isUnderlined: source === 'manual',
    })),
  )
}

const byStart = (a: LaneBar, b: LaneBar): number => a.startSecs - b.startSecs || a.endSecs - b.endSecs

export function stretchBars(
  items: readonly (ExclusionItem | BaselineItem)[],
  colour: string,
  textOf: (item: ExclusionItem | BaselineItem) => string,
): LaneIndex {
  const bars = items.map((item): LaneBar => {
    const { id, startSecs, endSecs, kind } = item
    return {
      ...PLAIN,
      id,
      startSecs,
      endSecs,
      text: textOf(item),
      colour,
      state: kind === 'exclusion' ? 'rejected' : 'plain',
    }
  })
  return laneIndex(bars.sort(byStart))
}

/** Comments that stand at an instant, as flags. */
export function commentBars(items: readonly CommentItem[], colour: string): LaneIndex {
  const bars = items.flatMap(({ id, atSecs, text }): LaneBar[] =>
    atSecs === null ? [] : [{ ...PLAIN, id, startSecs: atSecs, endSecs: atSecs, text, colour }],
  )
  return laneIndex(bars.sort(byStart))
}
