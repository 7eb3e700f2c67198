import type { Page } from 'playwright-core'
import { readPattern } from './frame-pattern'

const WIDTH_PX = 80
const HEIGHT_PX = 60

export interface StagePicture {
  /** The frame that the window says it shows, -1: none yet. */
  readonly step: number
  /** The number drawn in the picture that is on the stage; null: none that is upright. */
  readonly number: number | null
}

/**
 * Reads what the stage of Analyse shows, words and picture at the same instant.
 * @param aspect width to height of the upright picture, to leave the bars beside it out
 */
export async function readStage(page: Page, aspect: number): Promise<StagePicture> {
  const { step, rgba } = await page.evaluate(
    ({ aspect: shape, width, height }) => {
      const stage = document.querySelector<HTMLElement>('[data-shown-step]')
      const canvas = stage?.querySelector('canvas')
      if (!stage || !canvas) return { step: -1, rgba: [] }
      const wide = canvas.width / canvas.height > shape
      const pictureWidth = wide ? canvas.height * shape : canvas.width
      const pictureHeight = wide ? canvas.height : canvas.width / shape
      const small = new OffscreenCanvas(width, height)
      const context = small.getContext('2d')
      context?.drawImage(
        canvas,
        (canvas.width - pictureWidth) / 2,
        (canvas.height - pictureHeight) / 2,
        pictureWidth,
        pictureHeight,
        0,
        0,
        width,
        height,
      )
      const data = context?.getImageData(0, 0, width, height).data
      return { step: Number(stage.dataset['shownStep']), rgba: [...(data ?? [])] }
    },
    { aspect, width: WIDTH_PX, height: HEIGHT_PX },
  )
  const rgb = Uint8Array.from(rgba.filter((_, at) => at % 4 !== 3))
  return { step, number: rgb.length > 0 ? readPattern(rgb, WIDTH_PX, HEIGHT_PX) : null }
}
