import { toFault } from '../../../bridge/bridge'
import { viewerLink } from '../../../stores/viewer-link'
import { bitmapOf } from '../../analyse/stage/picture'

const ATTEMPTS = 3

let last: Promise<unknown> = Promise.resolve()

/**
 * Decodes one frame. One at a time, because a newer request for a clip cancels the one under way; one that the stage cancelled is
 * asked for again.
 * @throws FaultError
 */
export function readFacePicture(token: string, frame: number, signal: AbortSignal): Promise<ImageBitmap> {
  const mine = last.then(() => read(token, frame, signal))
  last = mine.catch(() => undefined)
  return mine
}

async function read(token: string, frame: number, signal: AbortSignal): Promise<ImageBitmap> {
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted()
    try {
      await viewerLink().request('openFrames', { token }, { signal })
      return await bitmapOf(await viewerLink().request('readFrame', { token, index: frame }, { signal }))
    } catch (error) {
      if (signal.aborted || attempt === ATTEMPTS || toFault(error).code !== 'cancelled') throw error
    }
  }
}
