import { EMOTION_COUNT, EMOTIONS } from '../emotions'
import type { ClipTimeline } from '../timeline/types'
import { csvLine, numberCell } from './csv'
import type { SegmentRecord } from './segment-record'
import { type Tier, tiersOf } from './tiers'

export interface BorisOptions {
  readonly records: readonly SegmentRecord[]
  readonly clipId: string
  readonly mediaPath: string
  readonly durationSecs: number
  /** Null without video. */
  readonly fps: number | null
  readonly hasAudio: boolean
  /** ISO 8601 UTC. */
  readonly date: string
}

type BorisEvent = [
  timeSecs: number,
  subject: string,
  code: string,
  modifier: string,
  comment: string,
  frame: number | string,
]

const KEYS: readonly string[] = ['n', 'h', 's', 'a', 'f', 'd', 'u']
const COLOURS: readonly string[] = [
  '#7f7f7f',
  '#e6b800',
  '#1f77b4',
  '#d62728',
  '#9467bd',
  '#2ca02c',
  '#ff7f0e',
]
const NO_FRAME = 'NA'
const UNITS_PER_SEC = 1000

/**
 * A BORIS project of one clip: an observation a tier, so that BORIS's kappa can compare modalities and raters, with
 * the same seven codes in each.
 */
export function borisProject(options: BorisOptions): string {
  const date = options.date.slice(0, 19)
  const tiers = tiersOf(options.records, UNITS_PER_SEC, options.durationSecs)
  const subjects = [...new Set(tiers.map(({ subjectId }) => subjectId).filter((name) => name !== ''))]
  const project = {
    time_format: 'hh:mm:ss',
    project_date: date,
    project_name: options.clipId,
    project_description: 'Episodes found by Unmask; one observation for each modality and face.',
    project_format_version: '7.0',
    subjects_conf: numbered(subjects.map((name) => ({ key: '', name, description: '' }))),
    behaviors_conf: numbered(
      EMOTIONS.map((code, index) => ({
        type: 'State event',
        key: KEYS[index] ?? '',
        code,
        description: '',
        color: COLOURS[index] ?? '',
        category: '',
        modifiers: {},
        excluded: EMOTIONS.filter((other) => other !== code).join(','),
        'coding map': '',
      })),
    ),
    observations: Object.fromEntries(
      tiers.map((tier) => [
        `${options.clipId} ${tier.name.replaceAll('/', ' ')}`,
        observation(tier, options, date),
      ]),
    ),
    behavioral_categories: [],
    behavioral_categories_config: {},
    independent_variables: {},
    coding_map: {},
    behaviors_coding_map: [],
    converters: {},
  }
  return `${JSON.stringify(project, null, 1)}\n`
}

function numbered<Value>(values: readonly Value[]): Record<string, Value> {
  return Object.fromEntries(values.map((value, index) => [String(index), value]))
}

function observation(tier: Tier, options: BorisOptions, date: string): object {
  const path = options.mediaPath
  return {
    file: { '1': [path], ...Object.fromEntries([2, 3, 4, 5, 6, 7, 8].map((player) => [String(player), []])) },
    type: 'MEDIA',
    date,
    description: tier.observer,
    'time offset': 0,
    events: borisEvents(tier),
    'observation time interval': [0, 0],
    independent_variables: {},
    close_behaviors_between_videos: false,
    visualize_spectrogram: false,
    visualize_waveform: false,
    media_info: {
      length: { [path]: options.durationSecs },
      fps: { [path]: options.fps ?? 0 },
      hasVideo: { [path]: options.fps !== null },
      hasAudio: { [path]: options.hasAudio },
      offset: { '1': 0 },
    },
  }
}

/**
 * Two rows a bout. BORIS tells start from stop by counting, so neighbours of one label are one bout and every bout is
 * closed; at one moment the old state stops before the new one starts.
 */
export function borisEvents(tier: Tier): BorisEvent[] {
  const bouts: { label: string; start: number; end: number; first: SegmentRecord; last: SegmentRecord }[] = []
  for (const { record, start, end } of tier.segments) {
    const previous = bouts.at(-1)
    if (previous && previous.label === record.label && previous.end === start) {
      previous.end = end
      previous.last = record
    } else bouts.push({ label: record.label, start, end, first: record, last: record })
  }
  // Bouts of a tier are in time order and do not overlap, so this order is sorted, stops first.
  return bouts.flatMap(({ label, start, end, first, last }): BorisEvent[] => {
    const comment = first.meanValue === null ? '' : `mean p ${first.meanValue.toFixed(3)}`
    const stopFrame = last.endFrame === null ? NO_FRAME : last.endFrame + 1
    return [
      [start / UNITS_PER_SEC, tier.subjectId, label, '', comment, first.startFrame ?? NO_FRAME],
      [end / UNITS_PER_SEC, tier.subjectId, label, '', '', stopFrame],
    ]
  })
}

/**
 * Probabilities in the form BORIS plots beside the media: the whole number `frame` first, since BORIS takes a line of
 * decimals alone for a header, and no empty cells. Of several faces it has the one that is seen longest.
 */
export function* borisPlotCsv(timeline: ClipTimeline, modality: 'face' | 'fusion'): Generator<string> {
  const { rows } = timeline
  const probs = modality === 'face' ? rows.faceProbs : rows.fusionProbs
  const mainFace = longestSeenFace(timeline)
  yield csvLine(['frame', 'time_s', ...EMOTIONS.map((emotion) => `p_${emotion}`)])
  for (let row = 0; row < rows.count; row++) {
    const faceId = rows.faceId[row] ?? -1
    if (faceId >= 0 && faceId !== mainFace) continue
    const values = probs.subarray(row * EMOTION_COUNT, (row + 1) * EMOTION_COUNT)
    if (Number.isNaN(values[0] ?? Number.NaN)) continue
    yield csvLine([
      String(rows.frame[row]),
      numberCell(rows.timeSecs[row], 6),
      ...Array.from(values, (value) => numberCell(value, 6)),
    ])
  }
}

function longestSeenFace({ rows }: ClipTimeline): number {
  const seen = new Map<number, number>()
  for (const faceId of rows.faceId) if (faceId >= 0) seen.set(faceId, (seen.get(faceId) ?? 0) + 1)
  let best = -1
  for (const [faceId, count] of seen) if (best < 0 || count > (seen.get(best) ?? 0)) best = faceId
  return best
}
