import { computed, type ShallowRef, shallowRef, watch } from 'vue'
import {
  canvasSize,
  panBy,
  pictureRect,
  type Size,
  type StageZoom,
  WHOLE_PICTURE,
  zoomAt,
} from './stage-geometry'

/** The canvas that shows pictures: fitted, sharp on dense displays, zoomed and moved. */
export function useStageCanvas(options: {
  readonly canvas: Readonly<ShallowRef<HTMLCanvasElement | null>>
  readonly size: Readonly<ShallowRef<Size>>
  readonly pixelRatio: Readonly<ShallowRef<number>>
  /** Upright source pixels; only their proportion counts here. */
  readonly source: () => Size
  /** The canvas was emptied or its picture lies elsewhere: draw again. */
  readonly onChange: () => void
}) {
  const { canvas, size, pixelRatio, source, onChange } = options
  const zoom = shallowRef<StageZoom>(WHOLE_PICTURE)
  const rect = computed(() => pictureRect(size.value, source(), zoom.value))
  const pixels = computed(() => canvasSize(size.value, pixelRatio.value))

  watch([pixels, rect], onChange, { flush: 'post' })

  /** Draws one picture over everything; what it does not cover is black. */
  function paint(picture: CanvasImageSource): void {
    const context = canvas.value?.getContext('2d', { alpha: false })
    if (!context) return
    const ratio = pixelRatio.value
    const { x, y, width, height } = rect.value
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    if (width < size.value.widthPx || height < size.value.heightPx) {
      context.fillStyle = '#000000'
      context.fillRect(0, 0, size.value.widthPx, size.value.heightPx)
    }
    context.imageSmoothingQuality = 'medium'
    context.drawImage(picture, x, y, width, height)
  }

  function clear(): void {
    const context = canvas.value?.getContext('2d', { alpha: false })
    context?.setTransform(1, 0, 0, 1, 0, 0)
    context?.clearRect(0, 0, pixels.value.widthPx, pixels.value.heightPx)
  }

  function zoomBy(by: number, at?: { readonly xPx: number; readonly yPx: number }): void {
    const { widthPx, heightPx } = size.value
    const place = at ?? { xPx: widthPx / 2, yPx: heightPx / 2 }
    zoom.value = zoomAt(size.value, source(), zoom.value, { ...place, by })
  }

  function move(dxPx: number, dyPx: number): void {
    if (zoom.value.factor > 1) zoom.value = panBy(size.value, source(), zoom.value, dxPx, dyPx)
  }

  function showAll(): void {
    zoom.value = WHOLE_PICTURE
  }

  return { zoom, rect, pixels, paint, clear, zoomBy, move, showAll }
}
