export interface TakeOptions {
  readonly tracks: readonly MediaStreamTrack[]
  /** Called in order, each after the one before was settled. */
  readonly onChunk: (bytes: Uint8Array<ArrayBuffer>) => Promise<void>
  /** The first failure; nothing follows it. */
  readonly onError: (error: unknown) => void
}

export interface Take {
  /** Ends it; settled when the last chunk was taken. */
  stop(): Promise<void>
}

/** A crash loses no more than this. */
const CHUNK_MS = 1000
/** Enough for a face at 720p. */
const VIDEO_BITS_PER_SEC = 4_000_000
const AUDIO_BITS_PER_SEC = 128_000

const VIDEO_TYPES = ['video/webm;codecs=vp8,opus', 'video/webm;codecs=vp9,opus', 'video/webm', 'video/mp4']
const AUDIO_TYPES = ['audio/webm;codecs=opus', 'audio/webm', 'audio/mp4']

/** @returns the first type that this browser records, null where it records none */
export function recordingType(
  hasVideo: boolean,
  isSupported: (type: string) => boolean = (type) => MediaRecorder.isTypeSupported(type),
): { readonly mimeType: string; readonly container: 'webm' | 'mp4' } | null {
  const mimeType = (hasVideo ? VIDEO_TYPES : AUDIO_TYPES).find(isSupported)
  if (!mimeType) return null
  return { mimeType, container: mimeType.includes('webm') ? 'webm' : 'mp4' }
}

/** Begins to record; chunks come once a second. @throws DOMException where the browser cannot record these tracks */
export function startTake(mimeType: string, { tracks, onChunk, onError }: TakeOptions): Take {
  const recorder = new MediaRecorder(new MediaStream([...tracks]), {
    mimeType,
    videoBitsPerSecond: VIDEO_BITS_PER_SEC,
    audioBitsPerSecond: AUDIO_BITS_PER_SEC,
  })
  let hasFailed = false
  let written: Promise<void> = Promise.resolve()
  const fail = (error: unknown): void => {
    if (hasFailed) return
    hasFailed = true
    if (recorder.state !== 'inactive') recorder.stop()
    onError(error)
  }
  const ended = new Promise<void>((resolve) => recorder.addEventListener('stop', () => resolve()))
  recorder.addEventListener('dataavailable', ({ data }) => {
    if (data.size === 0) return
    written = written.then(async () => {
      if (hasFailed) return
      try {
        await onChunk(new Uint8Array(await data.arrayBuffer()))
      } catch (error) {
        fail(error)
      }
    })
  })
  recorder.addEventListener('error', (event) =>
    fail((event as ErrorEvent).error ?? new Error('the recorder stopped')),
  )
  recorder.start(CHUNK_MS)
  return {
    stop: async () => {
      if (recorder.state !== 'inactive') recorder.stop()
      await ended
      await written
    },
  }
}
