import { onScopeDispose } from 'vue'
import { useTransportStore } from '../../../../stores/transport'
import { loopAround } from './review-loop'
import type { ReviewEntry } from './review-entry'

/** Plays entries in a loop with a lead-in; the loop goes when the calling component does. */
export function useReviewPlayer(leadSecs: () => number): { show(entry: ReviewEntry, plays: boolean): void } {
  const transport = useTransportStore()
  let ours: { readonly fromSecs: number; readonly toSecs: number } | null = null

  function show(entry: ReviewEntry, plays: boolean): void {
    const loop = loopAround(entry, leadSecs(), transport.steps)
    ours = loop
    transport.setLoop(loop)
    transport.goToSecs(plays ? loop.fromSecs : entry.atSecs)
    if (plays) void transport.play()
  }

  onScopeDispose(() => {
    // A loop that the user has set meanwhile stays.
    if (transport.loop?.fromSecs !== ours?.fromSecs || transport.loop?.toSecs !== ours?.toSecs) return
    transport.setLoop(null)
  })
  return { show }
}
