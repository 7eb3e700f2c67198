/** The Live view's requests to main: recordings are files, and files are main's. */

export interface RecordingPlace {
  /** Without extension. */
  readonly name: string
}

export interface LiveRequests {
  /** Chooses a place in the open project's recordings and tells the live process. Fails without a project. */
  beginRecording: {
    ask: { readonly container: 'webm' | 'mp4'; readonly hasVideo: boolean }
    answer: RecordingPlace
  }
  /** Adds a finished recording to the project and queues it. */
  adoptRecording: { ask: { readonly fileName: string }; answer: { readonly token: string } }
  /** The Live view was left: the models are let go. */
  leaveLive: { ask: null; answer: null }
}

export const LIVE_REQUESTS = [
  'beginRecording',
  'adoptRecording',
  'leaveLive',
] as const satisfies readonly (keyof LiveRequests)[]
