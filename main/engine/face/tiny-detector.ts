import { UnmaskError } from '../errors'
import type { Detection, DetectorSettings, FaceDetector } from './detector'
import { TinyFaceNet } from './detector-net'
import { suppressOverlaps } from './geometry'
import { FACE_PARAMETERS } from './parameters'
import { type Picture, Resampler } from './resample'

/**
 * face-api's tiny detector for several pictures at once. As in face-api a picture is scaled to the input's longer side
 * and padded with black at the bottom or right; unlike there it is area-averaged, so that fine texture does not alias.
 */
export class TinyDetector implements FaceDetector {
  readonly name: string
  private readonly resampler = new Resampler()
  private input = new Float32Array(0)

  private constructor(
    private readonly net: TinyFaceNet,
    private readonly sidePx: number,
    private readonly minimumScore: number,
  ) {
    this.name = `face-api tiny ${sidePx}`
  }

  /** @throws UnmaskError 'usage.invalid' for an input side that is no multiple of 32 in 96..1024 */
  static async open(settings: Omit<DetectorSettings, 'kind'> = {}): Promise<TinyDetector> {
    const sidePx = settings.inputSidePx ?? FACE_PARAMETERS.detectorSidePx
    if (sidePx % 32 !== 0 || sidePx < 96 || sidePx > 1024)
      throw new UnmaskError(
        'usage.invalid',
        `the detector's input side must be a multiple of 32 in 96..1024, not ${sidePx}`,
      )
    return new TinyDetector(
      await TinyFaceNet.load(),
      sidePx,
      settings.minimumScore ?? FACE_PARAMETERS.keepScore,
    )
  }

  async detect(pictures: readonly Picture[]): Promise<Detection[][]> {
    return this.detectAt(pictures, this.sidePx, this.minimumScore)
  }

  /** The same at a larger input; nothing where the input is that large already. */
  async detectSmall(pictures: readonly Picture[]): Promise<Detection[][]> {
    if (this.sidePx >= FACE_PARAMETERS.searchSidePx) return pictures.map(() => [])
    return this.detectAt(pictures, FACE_PARAMETERS.searchSidePx, FACE_PARAMETERS.searchScore)
  }

  private async detectAt(
    pictures: readonly Picture[],
    side: number,
    minimumScore: number,
  ): Promise<Detection[][]> {
    if (pictures.length === 0) return []
    const perPicture = side * side * 3
    if (this.input.length !== pictures.length * perPicture)
      this.input = new Float32Array(pictures.length * perPicture)
    else this.input.fill(0)
    pictures.forEach((picture, index) => {
      const scale = side / Math.max(picture.widthPx, picture.heightPx)
      const width = Math.max(1, Math.round(picture.widthPx * scale))
      const height = Math.max(1, Math.round(picture.heightPx * scale))
      const whole = { left: 0, top: 0, width: picture.widthPx, height: picture.heightPx }
      this.resampler.resize(picture, whole, width, height, this.input, index * perPicture, side)
    })
    const raw = await this.net.detect(this.input, pictures.length, side, minimumScore)
    return raw.map((found, index) => {
      const picture = pictures[index] as Picture
      const longest = Math.max(picture.widthPx, picture.heightPx)
      const detections = found.map(({ centreX, centreY, width, height, score }) => ({
        box: {
          x: (centreX - width / 2) * longest,
          y: (centreY - height / 2) * longest,
          w: width * longest,
          h: height * longest,
        },
        score,
      }))
      return suppressOverlaps(detections, FACE_PARAMETERS.maxOverlap)
    })
  }

  dispose(): void {
    this.net.dispose()
  }
}
