import { computed, type Ref } from 'vue'
import type { SegmentItem, Study } from '../../../../../preload/contract/annotation'
import { emotionNames, modelLanes, type TrackChoice } from '../../../../plots/clip-tracks'
import type { ClipSeries } from '../../../../plots/clip-series'
import {
  type CodeById,
  commentBars,
  decidedBars,
  editedBars,
  finalBars,
  proposalBars,
  segmentBars,
  stretchBars,
  UNKNOWN_COLOUR,
} from '../../../../plots/lanes/item-bars'
import { type LaneIndex, NO_BARS } from '../../../../plots/lanes/lane-index'
import { legibleOn, type PlotTheme } from '../../../../plots/theme'
import { laneTrack, type LaneRow } from '../../../../plots/tracks/annotation-lanes'
import type { Track } from '../../../../plots/tracks/track'
import { EMOTIONS } from '../../../../design/emotion-colours'
import { useAnalysisStore } from '../../../../stores/analysis'
import type { OtherItem } from '../../../../annotate/other-items'
import { sameWhileEqual } from '../../../../stores/same-while-equal'
import { useAnnotationStore } from '../../../../stores/annotation'
import { useStudyStore } from '../../../../stores/study'
import { t } from '../../../../strings'
import { type AnnotationLanes, keptById } from './annotation-lanes-model'
import { barWords } from './bar-words'
import { correctionsOf } from './proposal-corrections'
import { ratingTracks } from './rating-tracks'
import { shownTiers, type ShownTier, tierTitle } from './tier-lanes'
import { useSettled } from './use-settled'

/** Ids of tracks, before the key of what they show. */
export const TIER_TRACK = 'tier:'
export const MARKS_TRACK = 'marks'
export const PROPOSALS_TRACK = 'segments'

/** The final tier of a long clip is worked out when nothing has changed for this long. */
const FINAL_AFTER_SECS = 0.25

/** Tracks of what people coded of the open clip; null while nothing is open. */
export function useAnnotationLanes(): Readonly<Ref<AnnotationLanes | null>> {
  const annotation = useAnnotationStore()
  const studies = useStudyStore()
  const analysis = useAnalysisStore()
  type Kept = ReturnType<typeof keptById<Track>>
  /** A figure is drawn for paper while the window may be dark: each theme keeps its own tracks. */
  const keptByTheme = new WeakMap<PlotTheme, Kept>()
  const keptOf = (theme: PlotTheme): Kept => {
    const known = keptByTheme.get(theme) ?? keptById<Track>()
    keptByTheme.set(theme, known)
    return known
  }
  const indices = keptById<LaneIndex>()
  const proposalsFound = keptById<readonly { readonly name: string; readonly index: LaneIndex }[]>()

  const ofKind = <K extends OtherItem['kind']>(kind: K) => {
    type Item = Extract<OtherItem, { kind: K }>
    // The same list again where no item of the kind was touched: an edit of bouts must not draw ratings anew.
    return sameWhileEqual(() => annotation.others.filter((item): item is Item => item.kind === kind))
  }
  const exclusions = ofKind('exclusion')
  const baselines = ofKind('baseline')
  const comments = ofKind('comment')
  const ratings = ofKind('rating')

  const tiers = computed<readonly ShownTier[]>(() =>
    studies.study
      ? shownTiers(annotation.tiers, studies.study, {
          id: studies.observerId,
          subjectId: annotation.subjectId,
        })
      : [],
  )
  const hasSegments = computed(() => annotation.tiers.length > 0)
  const settled = useSettled(
    () => annotation.byId,
    () => ({ token: annotation.token, tiers: hasSegments.value ? annotation.finalTiers : [] }),
    FINAL_AFTER_SECS,
  )
  const finals = computed(() =>
    hasSegments.value && settled.value.token === annotation.token ? settled.value.tiers : [],
  )
  const excluded = computed(() =>
    indices.of('excluded', [exclusions.value], () => stretchBars(exclusions.value, UNKNOWN_COLOUR, () => '')),
  )
  const corrected = sameWhileEqual(() =>
    annotation.tiers.flatMap(({ isOwn, segments }) =>
      isOwn ? segments.filter(({ orig }) => orig !== null) : [],
    ),
  )
  /** The index of each tier as it was, from which that after an edit is made. */
  const lastOfTier = new Map<
    string,
    { segments: readonly SegmentItem[]; codes: CodeById; index: LaneIndex }
  >()

  function indexOf({ key, segments }: ShownTier): LaneIndex {
    const { codeById: codes } = studies
    const before = lastOfTier.get(key)
    const unknown = t('lanes.unknownCode')
    if (before?.codes === codes && before.segments === segments) return before.index
    const index =
      before?.codes === codes
        ? editedBars(before, segments, codes, unknown)
        : segmentBars(segments, codes, unknown)
    lastOfTier.set(key, { segments, codes, index })
    return index
  }

  function build(
    keep: Kept,
    study: Study,
    theme: PlotTheme,
    series: ClipSeries,
    choice: TrackChoice,
  ): readonly Track[] {
    const look = labelLook(study, theme)
    const ofTier = (tier: ShownTier): Track =>
      keep.of(`${TIER_TRACK}${tier.key}`, [tier.segments, study, tier.isOwn, theme], () =>
        tierTrack(tier, study, indexOf(tier)),
      )
    const own = tiers.value.filter(({ isOwn }) => isOwn).map(ofTier)
    const others = tiers.value.filter(({ isOwn }) => !isOwn).map(ofTier)
    const final = finals.value.map((tier) =>
      keep.of(`final:${tier.key}`, [tier.stretches, study, theme, finals.value.length], () =>
        laneTrack({
          id: `final:${tier.key}`,
          title:
            finals.value.length > 1
              ? t('lanes.finalOf', { subject: tier.name.replace(/\/final$/, '') })
              : t('lanes.final'),
          isOwn: false,
          absentText: t('lanes.nothing'),
          describe: barWords,
          rejectedName: t('lanes.legend.rejected'),
          rows: [
            {
              key: `final:${tier.key}`,
              name: '',
              mark: 'bars',
              index: finalBars(tier.stretches, {
                ...look,
                sourceOf: (source) => t(`lanes.source.${source}`),
              }),
            },
          ],
        }),
      ),
    )
    const marks =
      exclusions.value.length + baselines.value.length + comments.value.length === 0
        ? []
        : [
            keep.of(MARKS_TRACK, [exclusions.value, baselines.value, comments.value, study, theme], () =>
              marksTrack(study, theme),
            ),
          ]
    const proposals =
      annotation.isBlind || series.data.segments.length === 0
        ? []
        : [proposalTrack(keep, study, theme, series, choice, look)]
    const rated = ratingTracks(keep, ratings.value, study, studies.observerId, theme)
    keep.sweep()
    return [...marks, ...own, ...others, ...final, ...proposals, ...rated]
  }

  function marksTrack(study: Study, theme: PlotTheme): Track {
    const nameOf = (id: string): string => study.subjects.find((subject) => subject.id === id)?.name ?? id
    const rows: LaneRow[] = []
    if (exclusions.value.length > 0)
      rows.push({
        key: 'exclusion',
        name: t('lanes.marks.excluded'),
        mark: 'bars',
        index: stretchBars(exclusions.value, theme.axis, (item) =>
          item.kind === 'exclusion' && item.reason !== ''
            ? t('lanes.excluded.reason', { reason: item.reason })
            : t('lanes.excluded.text'),
        ),
      })
    if (baselines.value.length > 0)
      rows.push({
        key: 'baseline',
        name: t('lanes.marks.baseline'),
        mark: 'bars',
        index: stretchBars(baselines.value, BASELINE_COLOUR, (item) =>
          item.kind === 'baseline' && item.subjectId !== ''
            ? t('lanes.baseline.of', { subject: nameOf(item.subjectId) })
            : t('lanes.baseline.text'),
        ),
      })
    if (comments.value.some(({ atSecs }) => atSecs !== null))
      rows.push({
        key: 'comment',
        name: t('lanes.marks.comments'),
        mark: 'flag',
        index: commentBars(comments.value, theme.accent),
      })
    return laneTrack({
      id: MARKS_TRACK,
      title: t('lanes.marks'),
      rows,
      isOwn: false,
      absentText: t('lanes.nothing'),
    })
  }

  function proposalTrack(
    keep: Kept,
    study: Study,
    theme: PlotTheme,
    series: ClipSeries,
    choice: TrackChoice,
    look: ReturnType<typeof labelLook>,
  ): Track {
    const faceId = choice.faceId === 'every' ? null : choice.faceId
    const found = proposalsFound.of(`${faceId}`, [series, study, theme], () =>
      modelLanes(series, faceId).map(({ name, segments }) => ({
        name,
        index: proposalBars(
          segments.map((segment) => ({ ...segment, isByHuman: segment.source === 'human' })),
          look,
        ),
      })),
    )
    return keep.of(PROPOSALS_TRACK, [found, corrected.value], () => {
      const corrections = correctionsOf(corrected.value, series.data.segments)
      const options = { ...look, codes: studies.codeById, unknownText: t('lanes.unknownCode') }
      return laneTrack({
        id: PROPOSALS_TRACK,
        title: t('lanes.proposals'),
        isOwn: false,
        absentText: t('timeline.absent.noSegment'),
        describe: barWords,
        rejectedName: t('lanes.legend.rejected'),
        rows: found.map(({ name, index }) => ({
          key: name,
          name,
          mark: 'bars' as const,
          index: decidedBars(index, corrections, options),
        })),
      })
    })
  }

  return computed(() => {
    const { study } = studies
    if (!study || annotation.phase !== 'ready' || annotation.token === null) return null
    // Results of the clip before are not what these annotations are about.
    if (analysis.opened && analysis.token !== annotation.token) return null
    return {
      tracks: (theme, series, choice) => build(keptOf(theme), study, theme, series, choice),
      excluded: () => (exclusions.value.length === 0 ? NO_BARS : excluded.value),
    }
  })
}

/** Time at rest is grey: it says nothing of an emotion. */
const BASELINE_COLOUR = '#7d93a8'

function tierTrack(tier: ShownTier, study: Study, index: LaneIndex): Track {
  return laneTrack({
    id: `${TIER_TRACK}${tier.key}`,
    title: tierTitle(tier, study),
    isOwn: tier.isOwn,
    absentText: t('lanes.nothing'),
    describe: barWords,
    rejectedName: t('lanes.legend.rejected'),
    rows: [{ key: tier.key, name: '', mark: tier.kind === 'point' ? 'diamond' : 'bars', index }],
  })
}

/** Colour and text of a label by its name: the scheme's, else the emotion's own. */
function labelLook(
  study: Study,
  theme: PlotTheme,
): { readonly colourOf: (label: string) => string; readonly textOf: (label: string) => string } {
  const colours = new Map(study.scheme.codes.map(({ name, colour }) => [name, colour]))
  const names = emotionNames()
  const emotionOf = (label: string): number => EMOTIONS.findIndex((emotion) => emotion === label)
  return {
    colourOf: (label) =>
      colours.get(label) ?? theme.emotionColours[emotionOf(label)] ?? legibleOn(theme.ground, UNKNOWN_COLOUR),
    // As on the buttons that code it, where the scheme has it.
    textOf: (label) => (colours.has(label) ? label : (names[emotionOf(label)] ?? label)),
  }
}
