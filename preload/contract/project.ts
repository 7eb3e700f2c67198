/** Projects and their clips, as the window sees them: no paths, but tokens. */

/** Canonical emotions, as everywhere in this program. */
export type DominantEmotion = 'neutral' | 'happiness' | 'sadness' | 'anger' | 'fear' | 'disgust' | 'surprise'

export type ClipStatus = 'new' | 'queued' | 'running' | 'done' | 'failed' | 'missing'

export interface ClipProblem {
  /** One of the closed list of fault codes. */
  readonly code: string
  readonly message: string
  /** Part of the work at which it happened. */
  readonly stage: string
}

export interface ProjectClip {
  /** Opaque, new in each session: stands for the recording and its results in every request. */
  readonly token: string
  /** First part of the result files' names. */
  readonly clipId: string
  /** File name of the recording. */
  readonly name: string
  /** Where it lies, for people: relative to the project, "" for the project's own folder. */
  readonly folder: string
  /** Null until it was looked into, or where it cannot be told. */
  readonly kind: 'video' | 'audio' | null
  readonly durationSecs: number | null
  readonly sizeBytes: number
  readonly addedAt: string
  readonly status: ClipStatus
  /** There are results to analyse, whatever the status. */
  readonly hasResults: boolean
  /** The recording was changed after it was labelled. */
  readonly isOutdated: boolean
  /** It was begun and stopped before it was done. */
  readonly isInterrupted: boolean
  /** When the results were made; changes with every new labelling. */
  readonly analysedAt: string | null
  /** Share of the analysed time with a face, 0..1. */
  readonly faceCoverage: number | null
  readonly speechSecs: number | null
  readonly dominant: DominantEmotion | null
  readonly warnings: readonly string[]
  readonly problem: ClipProblem | null
  /** Null for a recording without pictures. */
  readonly thumbnailUrl: string | null
}

export interface ProjectNotice {
  readonly kind: 'info' | 'warning'
  readonly text: string
}

export interface OpenProject {
  readonly name: string
  /** The folder, for people. */
  readonly place: string
  readonly notices: readonly ProjectNotice[]
}

export interface RecentProject {
  readonly token: string
  readonly name: string
  readonly place: string
  readonly openedAt: string
  readonly isMissing: boolean
}

export interface AddedClips {
  readonly added: number
  /** Of those that were named, how many are in the project already. */
  readonly known: number
  /** Files and folders that could not be read. */
  readonly problems: readonly string[]
}

/** Recordings that the system asked the app to open. */
export interface HandedClips {
  readonly tokens: readonly string[]
  readonly names: readonly string[]
}

export interface ProjectRequests {
  currentProject: { ask: null; answer: OpenProject | null }
  recentProjects: { ask: null; answer: readonly RecentProject[] }
  forgetRecent: { ask: { readonly token: string }; answer: null }
  /** Asks for a folder; null where the user thought better of it. */
  chooseProject: { ask: null; answer: OpenProject | null }
  createProject: { ask: null; answer: OpenProject | null }
  openRecent: { ask: { readonly token: string }; answer: OpenProject }
  closeProject: { ask: null; answer: null }
  listClips: { ask: null; answer: readonly ProjectClip[] }
  addClips: { ask: null; answer: AddedClips | null }
  addFolder: { ask: { readonly isRecursive: boolean }; answer: AddedClips | null }
  /** Adds what was dropped; a dropped project or results folder is opened instead. */
  addDropped: {
    ask: { readonly tokens: readonly string[] }
    answer: { readonly opened: OpenProject | null; readonly added: AddedClips | null }
  }
  /** What was handed over and not answered yet; each once. */
  takeHanded: { ask: null; answer: HandedClips | null }
  removeClips: { ask: { readonly tokens: readonly string[] }; answer: null }
  /** Asks where a recording is now. */
  relinkClip: { ask: { readonly token: string }; answer: ProjectClip | null }
  /** Shows the recording in the system's file manager. */
  revealClip: { ask: { readonly token: string }; answer: null }
  revealResults: { ask: null; answer: null }
  /** Looks again at recordings and results; the command may have worked on them. */
  refreshProject: { ask: null; answer: null }
}

export const PROJECT_REQUESTS = [
  'currentProject',
  'recentProjects',
  'forgetRecent',
  'chooseProject',
  'createProject',
  'openRecent',
  'closeProject',
  'listClips',
  'addClips',
  'addFolder',
  'addDropped',
  'takeHanded',
  'removeClips',
  'relinkClip',
  'revealClip',
  'revealResults',
  'refreshProject',
] as const satisfies readonly (keyof ProjectRequests)[]

export interface ProjectEvents {
  /** Another project, or none. All tokens are new. */
  projectChanged: { readonly project: OpenProject | null }
  /** Clips that are new or look different now, and those that are gone. */
  clipsChanged: { readonly clips: readonly ProjectClip[]; readonly gone: readonly string[] }
  /** Recordings were handed over: `takeHanded` tells which. */
  clipsHanded: null
  /** Something that went wrong in the background. */
  projectTrouble: { readonly message: string }
}

export const PROJECT_EVENTS = [
  'projectChanged',
  'clipsChanged',
  'clipsHanded',
  'projectTrouble',
] as const satisfies readonly (keyof ProjectEvents)[]
