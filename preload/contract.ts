import {
  AGREEMENT_EVENTS,
  AGREEMENT_REQUESTS,
  type AgreementEvents,
  type AgreementRequests,
} from './contract/agreement'
import {
  ANNOTATION_EVENTS,
  ANNOTATION_REQUESTS,
  type AnnotationEvents,
  type AnnotationRequests,
} from './contract/annotation'
import { BATCH_EVENTS, BATCH_REQUESTS, type BatchEvents, type BatchRequests } from './contract/batch'
import { EXPORT_EVENTS, EXPORT_REQUESTS, type ExportEvents, type ExportRequests } from './contract/exports'
import {
  FOREIGN_TRACK_EVENTS,
  FOREIGN_TRACK_REQUESTS,
  type ForeignTrackEvents,
  type ForeignTrackRequests,
} from './contract/foreign-tracks'
import { INTERCHANGE_REQUESTS, type InterchangeRequests } from './contract/interchange'
import { LIVE_REQUESTS, type LiveRequests } from './contract/live'
import {
  PROJECT_EVENTS,
  PROJECT_REQUESTS,
  type ProjectEvents,
  type ProjectRequests,
} from './contract/project'
import { MEDIA_EVENTS, MEDIA_REQUESTS, type MediaEvents, type MediaRequests } from './contract/media'
import { MERGING_REQUESTS, type MergingRequests } from './contract/merging'
import { MODELS_REQUESTS, type ModelsRequests } from './contract/models'
import type { Reply } from './contract/reply'
import {
  SETTINGS_EVENTS,
  SETTINGS_REQUESTS,
  type SettingsEvents,
  type SettingsRequests,
} from './contract/settings'
import { STUDY_TOOL_REQUESTS, type StudyToolRequests } from './contract/study-tools'
import { WINDOW_EVENTS, WINDOW_REQUESTS, type WindowEvents, type WindowRequests } from './contract/window'

/**
 * The shared vocabulary of window and main process. One file a subject in contract/; here they become one. Types of
 * handlers, bridge and callers are all derived from this, never written again.
 */
export type Requests = WindowRequests &
  AgreementRequests &
  StudyToolRequests &
  MergingRequests &
  SettingsRequests &
  ModelsRequests &
  ExportRequests &
  ProjectRequests &
  BatchRequests &
  LiveRequests &
  MediaRequests &
  AnnotationRequests &
  InterchangeRequests &
  ForeignTrackRequests

export type Events = MediaEvents &
  AgreementEvents &
  WindowEvents &
  SettingsEvents &
  ExportEvents &
  ProjectEvents &
  BatchEvents &
  AnnotationEvents &
  ForeignTrackEvents

export type Verb = keyof Requests
export type Ask<K extends Verb> = Requests[K]['ask']
export type Answer<K extends Verb> = Requests[K]['answer']
export type EventName = keyof Events

/** Names exist at run time too: the preload makes exactly these verbs, and tests walk over them. */
export const REQUESTS: readonly Verb[] = [
  ...WINDOW_REQUESTS,
  ...AGREEMENT_REQUESTS,
  ...STUDY_TOOL_REQUESTS,
  ...MERGING_REQUESTS,
  ...LIVE_REQUESTS,
  ...MEDIA_REQUESTS,
  ...SETTINGS_REQUESTS,
  ...MODELS_REQUESTS,
  ...EXPORT_REQUESTS,
  ...PROJECT_REQUESTS,
  ...BATCH_REQUESTS,
  ...ANNOTATION_REQUESTS,
  ...INTERCHANGE_REQUESTS,
  ...FOREIGN_TRACK_REQUESTS,
]
export const EVENTS: readonly EventName[] = [
  ...MEDIA_EVENTS,
  ...AGREEMENT_EVENTS,
  ...WINDOW_EVENTS,
  ...SETTINGS_EVENTS,
  ...EXPORT_EVENTS,
  ...PROJECT_EVENTS,
  ...BATCH_EVENTS,
  ...ANNOTATION_EVENTS,
  ...FOREIGN_TRACK_EVENTS,
]

type Verbs = { readonly [K in Verb]: (ask: Ask<K>) => Promise<Reply<Answer<K>>> }

/** What the window sees as `window.unmask`. */
export interface Bridge extends Verbs {
  /** @returns a function that ends the listening */
  on<K extends EventName>(event: K, listener: (payload: Events[K]) => void): () => void
  /** Opaque tokens of files and folders that were dropped on the window; their paths stay outside of it. */
  takeDropped(files: readonly File[]): Promise<Reply<readonly string[]>>
}

/** Channels of Electron's messaging; nothing else is listened to. */
export const requestChannel = (verb: Verb): string => `unmask:request:${verb}`
export const eventChannel = (event: EventName): string => `unmask:event:${event}`
export const DROP_CHANNEL = 'unmask:drop'
export const PORT_CHANNEL = 'unmask:port'

/** The marker of the window message that carries a port from the preload to the page. */
export interface PortDelivery {
  readonly unmaskPort: string
}
