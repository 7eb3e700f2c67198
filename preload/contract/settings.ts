/** What a researcher sets once: the same tree in the file, in the main process and in the window. */

export type ThemeChoice = 'light' | 'dark' | 'system'
export type BackendName = 'tensorflow-gpu' | 'tensorflow' | 'wasm'
export type BackendSetting = 'auto' | BackendName
export type EmotionName = 'neutral' | 'happiness' | 'sadness' | 'anger' | 'fear' | 'disgust' | 'surprise'

/** A straight ramp: trust is 0 at `zeroAt`, 1 at `oneAt`. */
export interface RampSetting {
  zeroAt: number
  oneAt: number
}

/** Everything that decides what is written for a clip; stands whole in its meta.json. */
export interface AnalysisSetting {
  formatVersion: 1
  modalities: ('face' | 'speech' | 'fusion')[]
  framesPerSec: 'all' | number
  speech: { windowSecs: number; hopSecs: number }
  fusion: {
    method: 'product' | 'weighted-sum'
    faceExponent: number
    speechExponent: number
    faceWeight: number
    speechWeight: number
    /** Seven shares in canonical order, which sum to 1. */
    prior: number[]
    floor: number
    minimumGate: number
    gates: {
      face: { score: RampSetting; sizePx: RampSetting; poseDegrees: RampSetting; sharpness: RampSetting }
      speech: { share: RampSetting; snrDb: RampSetting }
    }
    disagreement: { minimumConfidence: number; minimumGate: number }
  }
  smoothing: {
    method: 'none' | 'exponential' | 'markov-forward' | 'markov'
    tauSecs: number
    restartGapSecs: number
    dwellSecs: number
    faceEvidenceSecs: number
  }
  display: { lead: number; holdSecs: number }
  segments: {
    minimumSecs: number
    mergeGapSecs: number
    minimumConfidence: number
    voteWindowSecs: number
  }
  summary: { binSecs: number | null; severalFacesShare: number; minimumFaceShare: number }
}

/** How clips are labelled, beside what stands in their results. */
export interface LabellingSetting {
  backend: BackendSetting
  detector: 'tiny' | 'ssd'
  /** Ids of models; null: those of models/defaults.json. */
  faceModel: string | null
  speechModel: string | null
  /** Clips at a time; null: by cores. */
  jobs: number | null
  /** A clip without progress for so long is given up. */
  stallSecs: number
  exports: {
    long: boolean
    eaf: boolean
    textgrid: boolean
    boris: boolean
    landmarks: boolean
    bom: boolean
  }
}

export interface AppearanceSetting {
  theme: ThemeChoice
  language: 'en'
  /** 'reduce' stills the window whatever the system says. */
  motion: 'system' | 'reduce'
}

export interface PlaybackSetting {
  /** Frames that Shift+Left and Shift+Right go. */
  stepFrames: number
  /** What the wheel does over the timeline; with Ctrl it always zooms. */
  wheel: 'zoom' | 'scroll'
  followPlayhead: boolean
  /** A code's key that is down for longer, in milliseconds, codes while it is held; shorter is a tap. */
  holdMs: number
}

export interface Settings {
  readonly formatVersion: number
  readonly appearance: AppearanceSetting
  /** `#rrggbb` of each emotion. */
  readonly colours: Record<EmotionName, string>
  readonly analysis: AnalysisSetting
  readonly labelling: LabellingSetting
  readonly playback: PlaybackSetting
  /** Command id to the chords that replace its own, none or several. Commands that are not named keep theirs. */
  readonly keys: Record<string, string[]>
}

export const SETTINGS_SECTIONS = [
  'appearance',
  'colours',
  'analysis',
  'labelling',
  'playback',
  'keys',
] as const satisfies readonly (keyof Settings)[]
export type SettingsSection = (typeof SETTINGS_SECTIONS)[number]

type Patch<T> = T extends readonly unknown[] ? T : T extends object ? { [K in keyof T]?: Patch<T[K]> } : T

/** Only what changes. Lists are replaced whole; a command of `keys` set to null gets its own chords back. */
export type SettingsPatch = Patch<Omit<Settings, 'formatVersion' | 'keys'>> & {
  readonly keys?: Readonly<Record<string, readonly string[] | null>>
}

/** What happened to the file at start, told once. */
export type SettingsNotice =
  /** It could not be read; it lies beside the new one under this name. */
  | { readonly kind: 'corrupt'; readonly file: string; readonly reason: string }
  /** A newer Unmask wrote it; it lies there unharmed. */
  | { readonly kind: 'newer'; readonly file: string }
  /** Values that cannot be used; the defaults serve instead, and the file as it was lies beside. */
  | { readonly kind: 'invalid'; readonly file: string; readonly fields: readonly string[] }
  /** Settings that this version does not know. */
  | { readonly kind: 'unknown'; readonly fields: readonly string[] }
  /** It cannot be written; changes last until the app closes. */
  | { readonly kind: 'unwritable'; readonly reason: string }

export interface SettingsState {
  readonly settings: Settings
  readonly defaults: Settings
}

export interface SettingsRequests {
  getSettings: { ask: null; answer: SettingsState }
  /** Fails with 'usage.invalid' naming the field, the value and the range; then nothing changes. */
  changeSettings: { ask: { readonly patch: SettingsPatch }; answer: Settings }
  resetSettings: { ask: { readonly section: SettingsSection | 'all' }; answer: Settings }
  /** What the user must be told about the file; each notice is handed out once. */
  takeSettingsNotices: { ask: null; answer: readonly SettingsNotice[] }
}

export const SETTINGS_REQUESTS = [
  'getSettings',
  'changeSettings',
  'resetSettings',
  'takeSettingsNotices',
] as const satisfies readonly (keyof SettingsRequests)[]

export interface SettingsEvents {
  settingsChanged: Settings
  /** There are new notices to take. */
  settingsNoticed: null
}

export const SETTINGS_EVENTS = [
  'settingsChanged',
  'settingsNoticed',
] as const satisfies readonly (keyof SettingsEvents)[]
