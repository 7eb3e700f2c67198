import type { RangedSetting } from '../../../preload/contract/settings-ranges'
import type { SettingsSection } from '../../../preload/contract/settings'

/** A setting that is one of some words. `S` are its values. */
interface SelectRow {
  readonly kind: 'select'
  readonly path: SelectPath
  readonly values: readonly string[]
}

interface ToggleRow {
  readonly kind: 'toggle'
  readonly path: TogglePath
}

interface NumberRow {
  readonly kind: 'number'
  readonly path: PlainNumberPath
}

/** A number, or one value that stands for "let the program choose". */
interface NumberOrRow {
  readonly kind: 'numberOr'
  readonly path: NumberOrPath
  readonly otherwise: 'all' | null
  /** Put in when a number is asked for. */
  readonly start: number
}

export type NumberOrPath = 'analysis.framesPerSec' | 'analysis.summary.binSecs' | 'labelling.jobs'
type RampPath = Extract<RangedSetting, `${string}.gates.${string}`>
export type PlainNumberPath = Exclude<RangedSetting, NumberOrPath | RampPath>
export type SelectPath =
  | 'appearance.theme'
  | 'appearance.language'
  | 'appearance.motion'
  | 'analysis.fusion.method'
  | 'analysis.smoothing.method'
  | 'labelling.detector'
  | 'playback.wheel'
export type TogglePath =
  | 'playback.followPlayhead'
  | `labelling.exports.${'long' | 'eaf' | 'textgrid' | 'boris' | 'landmarks' | 'bom'}`

export type SettingRow = SelectRow | ToggleRow | NumberRow | NumberOrRow
export type RowPath = SettingRow['path']

export interface RowGroup {
  readonly id:
    | 'look'
    | 'sampling'
    | 'speech'
    | 'fusion'
    | 'smoothing'
    | 'display'
    | 'segments'
    | 'summary'
    | 'trust'
    | 'work'
    | 'exports'
    | 'transport'
  readonly section: SettingsSection
  readonly rows: readonly SettingRow[]
}

const number = (path: PlainNumberPath): NumberRow => ({ kind: 'number', path })
const select = (path: SelectPath, ...values: string[]): SelectRow => ({ kind: 'select', path, values })
const toggle = (path: TogglePath): ToggleRow => ({ kind: 'toggle', path })
const numberOr = (path: NumberOrPath, otherwise: 'all' | null, start: number): NumberOrRow => ({
  kind: 'numberOr',
  path,
  otherwise,
  start,
})

export const APPEARANCE_GROUPS: readonly RowGroup[] = [
  {
    id: 'look',
    section: 'appearance',
    rows: [
      select('appearance.theme', 'system', 'light', 'dark'),
      select('appearance.motion', 'system', 'reduce'),
      select('appearance.language', 'en'),
    ],
  },
]

export const ANALYSIS_GROUPS: readonly RowGroup[] = [
  { id: 'sampling', section: 'analysis', rows: [numberOr('analysis.framesPerSec', 'all', 10)] },
  {
    id: 'speech',
    section: 'analysis',
    rows: [number('analysis.speech.windowSecs'), number('analysis.speech.hopSecs')],
  },
  {
    id: 'smoothing',
    section: 'analysis',
    rows: [
      select('analysis.smoothing.method', 'none', 'exponential', 'markov-forward', 'markov'),
      number('analysis.smoothing.tauSecs'),
      number('analysis.smoothing.restartGapSecs'),
      number('analysis.smoothing.dwellSecs'),
      number('analysis.smoothing.faceEvidenceSecs'),
    ],
  },
  {
    id: 'fusion',
    section: 'analysis',
    rows: [
      select('analysis.fusion.method', 'product', 'weighted-sum'),
      number('analysis.fusion.faceExponent'),
      number('analysis.fusion.speechExponent'),
      number('analysis.fusion.faceWeight'),
      number('analysis.fusion.speechWeight'),
      number('analysis.fusion.floor'),
      number('analysis.fusion.minimumGate'),
    ],
  },
  {
    id: 'display',
    section: 'analysis',
    rows: [number('analysis.display.lead'), number('analysis.display.holdSecs')],
  },
  {
    id: 'segments',
    section: 'analysis',
    rows: [
      number('analysis.segments.minimumSecs'),
      number('analysis.segments.mergeGapSecs'),
      number('analysis.segments.minimumConfidence'),
      number('analysis.segments.voteWindowSecs'),
    ],
  },
  {
    id: 'trust',
    section: 'analysis',
    rows: [
      number('analysis.fusion.disagreement.minimumConfidence'),
      number('analysis.fusion.disagreement.minimumGate'),
    ],
  },
  {
    id: 'summary',
    section: 'analysis',
    rows: [
      numberOr('analysis.summary.binSecs', null, 60),
      number('analysis.summary.severalFacesShare'),
      number('analysis.summary.minimumFaceShare'),
    ],
  },
]

export const LABELLING_GROUPS: readonly RowGroup[] = [
  {
    id: 'work',
    section: 'labelling',
    rows: [
      select('labelling.detector', 'tiny', 'ssd'),
      numberOr('labelling.jobs', null, 2),
      number('labelling.stallSecs'),
    ],
  },
  {
    id: 'exports',
    section: 'labelling',
    rows: [
      toggle('labelling.exports.long'),
      toggle('labelling.exports.eaf'),
      toggle('labelling.exports.textgrid'),
      toggle('labelling.exports.boris'),
      toggle('labelling.exports.landmarks'),
      toggle('labelling.exports.bom'),
    ],
  },
]

export const PLAYBACK_GROUPS: readonly RowGroup[] = [
  {
    id: 'transport',
    section: 'playback',
    rows: [
      number('playback.stepFrames'),
      select('playback.wheel', 'zoom', 'scroll'),
      toggle('playback.followPlayhead'),
      number('playback.holdMs'),
    ],
  },
]

/** Trust ramps, shown as a table of their own. */
export const RAMPS = [
  'face.score',
  'face.sizePx',
  'face.poseDegrees',
  'face.sharpness',
  'speech.share',
  'speech.snrDb',
] as const
export type RampName = (typeof RAMPS)[number]
