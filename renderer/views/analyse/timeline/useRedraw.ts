import { onScopeDispose } from 'vue'
import type { Redraw } from './timeline-model'

export const DRAW_MEASURE = 'timeline.draw'

/** Draws everything that was asked for since the last frame in one go, each once. */
export function useRedraw(): Redraw {
  const pending = new Set<() => void>()
  let frame = 0
  function drawAll(): void {
    frame = 0
    const draws = [...pending]
    pending.clear()
    const start = performance.now()
    for (const draw of draws) draw()
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
