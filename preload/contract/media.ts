/** How a clip is played: itself, or a copy of it where Chromium cannot. */
export type MediaState =
  /** The recording plays as it is. Its media time is that of the container: see OpenedFrames.mediaOffsetSecs. */
  | { readonly kind: 'original'; readonly url: string }
  /** A copy plays, whose media time is the clip's own: 0 at the first picture. */
  | { readonly kind: 'proxy'; readonly url: string }
  /** 0..1; null while the length is not known. */
  | { readonly kind: 'making'; readonly fraction: number | null }
  | { readonly kind: 'failed'; readonly message: string }

export interface MediaRequests {
  /** Begins to make a copy where one is needed; `mediaStateChanged` tells how it goes on. */
  mediaState: { ask: { readonly token: string }; answer: MediaState }
  /** The recording could not be played after all: makes a copy whatever its streams say. */
  refusePlaying: { ask: { readonly token: string }; answer: MediaState }
}

export const MEDIA_REQUESTS = [
  'mediaState',
  'refusePlaying',
] as const satisfies readonly (keyof MediaRequests)[]

export interface MediaEvents {
  mediaStateChanged: { readonly token: string; readonly state: MediaState }
}

export const MEDIA_EVENTS = ['mediaStateChanged'] as const satisfies readonly (keyof MediaEvents)[]
