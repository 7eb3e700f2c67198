import type { Page } from 'playwright-core'

/** How smoothly the timeline follows the wheel. All times in milliseconds. */
export interface TimelineSmoothness {
  /** Between one shown frame and the next, ascending. */
  readonly frameMs: readonly number[]
  /** Drawing in each of them (performance measure 'timeline.draw'), ascending. */
  readonly drawMs: readonly number[]
  /** Tasks of 50 ms and longer, as the browser counts them. */
  readonly longTaskMs: readonly number[]
}

/** Figures of a list in ascending order. */
export function quantile(ascending: readonly number[], share: number): number {
  const at = Math.min(ascending.length - 1, Math.floor(share * ascending.length))
  return ascending[at] ?? Number.NaN
}

/**
 * Turns the wheel over the timeline once a frame: closer and back, and in between sideways, as fast as frames are shown.
 * @param frames of wheel events, half of them zoom and half of them pan
 */
export async function measureTimeline(page: Page, frames: number): Promise<TimelineSmoothness> {
  return await page.evaluate(async (count) => {
    const found = document.querySelector('[data-timeline-plots]')
    if (!found) throw new Error('no timeline is shown: open a clip with results first')
    const drawMs: number[] = []
    const longTaskMs: number[] = []
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (entry.entryType === 'longtask') longTaskMs.push(entry.duration)
        else if (entry.name === 'timeline.draw') drawMs.push(entry.duration)
      }
    })
    observer.observe({ entryTypes: ['measure', 'longtask'] })
    const box = found.getBoundingClientRect()
    const frameMs: number[] = []
    const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve))
    let lastMs = await nextFrame()
    for (let frame = 0; frame < count; frame++) {
      const isZoom = frame % 2 === 0
      const isCloser = frame < count / 2
      found.dispatchEvent(
        new WheelEvent('wheel', {
          bubbles: true,
          cancelable: true,
          clientX: box.left + box.width * (0.3 + 0.4 * ((frame % 17) / 17)),
          clientY: box.top + 20,
          deltaY: isZoom ? (isCloser ? -60 : 60) : 0,
          deltaX: isZoom ? 0 : isCloser ? 90 : -90,
        }),
      )
      const nowMs = await nextFrame()
      frameMs.push(nowMs - lastMs)
      lastMs = nowMs
    }
    // Observers are told after the fact.
    await new Promise((resolve) => setTimeout(resolve, 300))
    observer.disconnect()
    const ascending = (values: number[]): number[] => values.sort((a, b) => a - b)
    return { frameMs: ascending(frameMs), drawMs: ascending(drawMs), longTaskMs: ascending(longTaskMs) }
  }, frames)
}
