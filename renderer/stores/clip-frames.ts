import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { Fault } from '../../preload/contract/reply'
import type { FramePicture, OpenedFrames } from '../../preload/contract/viewer-port-frames'
import { toFault } from '../bridge/bridge'
import { FrameFeed } from '../views/analyse/stage/frame-feed'
import { bitmapOf } from '../views/analyse/stage/picture'
import { viewerLink } from './viewer-link'

/** soundOnly: the clip has no pictures, which is no failure. */
export type FramesPhase = 'idle' | 'opening' | 'ready' | 'soundOnly' | 'failed'

/** Decoded frames of the clip that Analyse shows, for stepping. */
export const useClipFramesStore = defineStore('clip-frames', () => {
  const token = shallowRef<string | null>(null)
  const phase = shallowRef<FramesPhase>('idle')
  const opened = shallowRef<OpenedFrames | null>(null)
  const fault = shallowRef<Fault | null>(null)
  /** A new one a clip, and after decoding showed other frames than the file stated. */
  const feed = shallowRef<FrameFeed<ImageBitmap>>(newFeed(null))
  let visit = 0
  let cancel: AbortController | null = null
  let stopListening: (() => void) | null = null

  async function open(clipToken: string, hasPictures: boolean): Promise<void> {
    stopListening ??= viewerLink().onRestart(reopen)
    if (token.value !== clipToken) close()
    token.value = clipToken
    const mine = ++visit
    if (!hasPictures) {
      phase.value = 'soundOnly'
      return
    }
    phase.value = 'opening'
    fault.value = null
    cancel = new AbortController()
    try {
      const answer = await viewerLink().request('openFrames', { token: clipToken }, { signal: cancel.signal })
      if (mine !== visit) return
      opened.value = answer
      replaceFeed(clipToken)
      phase.value = 'ready'
    } catch (error) {
      if (mine !== visit) return
      opened.value = null
      fault.value = toFault(error)
      phase.value = 'failed'
    }
  }

  function close(): void {
    visit++
    cancel?.abort()
    cancel = null
    replaceFeed(null)
    opened.value = null
    fault.value = null
    phase.value = 'idle'
    const left = token.value
    token.value = null
    if (left === null) return
    viewerLink()
      .request('closeFrames', { token: left })
      // The clip may have left the project, or the process may be gone: nothing is kept there either way.
      .catch(() => undefined)
  }

  function reopen(): void {
    if (token.value !== null) void open(token.value, phase.value !== 'soundOnly')
  }

  function replaceFeed(clipToken: string | null): void {
    feed.value.close()
    feed.value = newFeed(clipToken)
  }

  function newFeed(clipToken: string | null): FrameFeed<ImageBitmap> {
    return new FrameFeed({
      stepCount: () => opened.value?.frameCount ?? 0,
      read: async (index) => {
        const picture = await viewerLink().request('readFrame', { token: clipToken ?? '', index })
        checkRevision(picture)
        return bitmapOf(picture)
      },
    })
  }

  function checkRevision({ revision }: FramePicture): void {
    if (opened.value && revision !== opened.value.revision) reopen()
  }

  return { token, phase, opened, fault, feed, open, close }
})
