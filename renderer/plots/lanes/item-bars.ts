import type {
  BaselineItem,
  Code,
  CommentItem,
  ExclusionItem,
  SegmentItem,
} from '../../../preload/contract/annotation'
import type { FinalStretch } from '../../../preload/contract/tier-rules'
import { type LaneBar, laneIndex, type LaneIndex, splicedIndex } from './lane-index'

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

/** The same after an edit: bars of segments that are the same objects as before are taken over. */
export function editedBars(
  before: { readonly segments: readonly SegmentItem[]; readonly index: LaneIndex },
  segments: readonly SegmentItem[],
  codes: CodeById,
  unknownText: string,
): LaneIndex {
  const old = before.segments
  const most = Math.min(old.length, segments.length)
  let from = 0
  while (from < most && old[from] === segments[from]) from++
  let same = 0
  while (same < most - from && old[old.length - 1 - same] === segments[segments.length - 1 - same]) same++
  const between = segments.slice(from, segments.length - same)
  return splicedIndex(
    before.index,
    from,
    old.length - same,
    between.map((item) => segmentBar(item, codes, unknownText)),
  )
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

export interface LabelLook {
  readonly colourOf: (label: string) => string
  readonly textOf: (label: string) => string
}

/** The model's segments as they were found. @param proposals by start */
export function proposalBars(proposals: readonly Proposal[], look: LabelLook): LaneIndex {
  return laneIndex(
    proposals.map((proposal): LaneBar => ({
      ...PLAIN,
      id: proposal.id,
      startSecs: proposal.startSecs,
      endSecs: proposal.endSecs,
      text: look.textOf(proposal.label),
      label: proposal.label,
      colour: look.colourOf(proposal.label),
      isUnsure: proposal.meanValue !== null && proposal.meanValue < UNSURE_BELOW,
      isUnderlined: proposal.isByHuman,
    })),
  )
}

/**
 * The same with what an observer made of them; times stay the model's.
 * @param corrections the observer's items that came from a proposal, by its id
 */
export function decidedBars(
  index: LaneIndex,
  corrections: ReadonlyMap<string, readonly SegmentItem[]>,
  options: LabelLook & { readonly codes: CodeById; readonly unknownText: string },
): LaneIndex {
  if (corrections.size === 0) return index
  return {
    ...index,
    bars: index.bars.map((bar) => {
      const items = corrections.get(bar.id)
      return items ? decidedBar(bar, items, options) : bar
    }),
  }
}

function decidedBar(
  bar: LaneBar,
  items: readonly SegmentItem[],
  options: Parameters<typeof decidedBars>[2],
): LaneBar {
  const kept = items.find(({ status }) => status !== 'rejected')
  if (!kept) return { ...bar, state: 'rejected', isUnsure: false }
  const code = options.codes.get(kept.codeId)
  const label = code?.name ?? options.unknownText
  const state = kept.status === 'confirmed' ? 'confirmed' : 'edited'
  if (label === bar.label) return { ...bar, state, isUnsure: false }
  return {
    ...bar,
    state: 'edited',
    text: options.textOf(label),
    label,
    struckText: bar.text,
    colour: code?.colour ?? UNKNOWN_COLOUR,
    isUnsure: false,
  }
}

/** The final tier, each stretch with where its label comes from. @param stretches by start */
export function finalBars(
  stretches: readonly FinalStretch[],
  options: LabelLook & { readonly sourceOf: (source: FinalStretch['source']) => string },
): LaneIndex {
  // A long clip has tens of thousands of stretches, and a handful of labels and sources.
  const texts = new Map<string, { readonly text: string; readonly colour: string }>()
  const suffixes = new Map<string, string>()
  const bars = stretches.map(({ startSecs, endSecs, label, source }, at): LaneBar => {
    let look = texts.get(label)
    if (!look) texts.set(label, (look = { text: options.textOf(label), colour: options.colourOf(label) }))
    let suffix = suffixes.get(source)
    if (suffix === undefined) suffixes.set(source, (suffix = `(${options.sourceOf(source)})`))
    return {
      id: `final-${at}`,
      startSecs,
      endSecs,
      text: look.text,
      label,
      colour: look.colour,
      state: 'plain',
      struckText: null,
      isUnsure: false,
      hasComment: false,
      suffix,
      isUnderlined: source === 'manual',
    }
  })
  return laneIndex(bars)
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
