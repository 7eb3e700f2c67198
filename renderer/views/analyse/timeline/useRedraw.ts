import { onScopeDispose } from 'vue'
import type { Redraw } from './timeline-model'

export const DRAW_MEASURE = 'timeline.draw'

/** What has not begun after this waits for the next frame: the first drawing of a long clip builds its indices. */
const BUDGET_MS = 30

/**
 * Draws everything that was asked for since the last frame in one go, each once. What does not fit into a frame comes first
 * in the next, so that nothing waits for ever.
 */
export function useRedraw(): Redraw {
  const pending = new Set<() => void>()
  let frame = 0
  function drawAll(): void {
    frame = 0
    const start = performance.now()
    for (const draw of [...pending]) {
      if (performance.now() - start > BUDGET_MS) break
      pending.delete(draw)
      draw()
    }
    if (pending.size > 0) frame = requestAnimationFrame(drawAll)
    performance.measure(DRAW_MEASURE, { start, end: performance.now() })
    // Observers have it by now; kept, the entries of a long session would only grow.
    performance.clearMeasures(DRAW_MEASURE)
  }
  onScopeDispose(() => {
    cancelAnimationFrame(frame)
    pending.clear()
  })
  return {
    request(draw) {
      pending.add(draw)
      if (frame === 0) frame = requestAnimationFrame(drawAll)
    },
  }
}
