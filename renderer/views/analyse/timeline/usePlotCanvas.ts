import { inject, onScopeDispose, type Ref, watch } from 'vue'
import { CanvasSurface } from '../../../plots/surface/canvas-surface'
import { REDRAW_KEY } from './timeline-model'

export interface PlotCanvasOptions {
  readonly widthPx: () => number
  readonly heightPx: () => number
  readonly pixelRatio: () => number
  readonly fontFamily: () => string
  /** What the picture depends on besides its size; a change of any of them draws it again. */
  readonly dependsOn: () => readonly unknown[]
  readonly draw: (surface: CanvasSurface) => void
}

/**
 * Keeps a canvas at the resolution of the screen and draws it when something it depends on has changed; one that is
 * scrolled out of sight waits until it is seen.
 */
export function usePlotCanvas(
  canvas: Readonly<Ref<HTMLCanvasElement | null>>,
  options: PlotCanvasOptions,
): { readonly request: () => void } {
  const redraw = inject(REDRAW_KEY)
  if (!redraw) throw new Error('a plot canvas needs the redraw of a timeline above it')
  let isSeen = false
  let isStale = true
  let surface: CanvasSurface | null = null
  let surfaceKey = ''

  function draw(): void {
    const element = canvas.value
    const [width, height, ratio] = [options.widthPx(), options.heightPx(), options.pixelRatio()]
    if (!element || !isSeen || width < 1 || height < 1) return
    isStale = false
    const [storeWidth, storeHeight] = [Math.round(width * ratio), Math.round(height * ratio)]
    if (element.width !== storeWidth) element.width = storeWidth
    if (element.height !== storeHeight) element.height = storeHeight
    const key = `${ratio} ${options.fontFamily()}`
    if (!surface || surfaceKey !== key) {
      // Without a readback it may stay on the graphics card; a window without one has none to give.
      const context = element.getContext('2d')
      if (!context) return
      surface = new CanvasSurface(context, ratio, options.fontFamily())
      surfaceKey = key
    }
    surface.clear()
    options.draw(surface)
  }

  const request = (): void => {
    isStale = true
    if (isSeen) redraw.request(draw)
  }

  const observer = new IntersectionObserver(
    (entries) => {
      isSeen = entries[entries.length - 1]?.isIntersecting ?? isSeen
      if (isSeen && isStale) redraw.request(draw)
    },
    // Just outside counts as seen, so that scrolling shows no empty track.
    { rootMargin: '120px' },
  )
  watch(
    canvas,
    (now, before) => {
      if (before) observer.unobserve(before)
      surface = null
      if (now) observer.observe(now)
      request()
    },
    { immediate: true, flush: 'post' },
  )
  watch(
    () => [
      options.widthPx(),
      options.heightPx(),
      options.pixelRatio(),
      options.fontFamily(),
      ...options.dependsOn(),
    ],
    request,
  )
  onScopeDispose(() => observer.disconnect())
  return { request }
}
