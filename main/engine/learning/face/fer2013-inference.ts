import { EMOTION_COUNT } from '../../emotions'
import { FACE_API_INPUT_PX, FACE_API_MEAN_RGB, FACE_API_SCALE } from '../../face/face-api-net'
import { FaceCropper } from '../../face/crop'
import { Resampler } from '../../face/resample'
import { tf } from '../../inference/tf'
import { FER2013_SIDE_PX, type FerSplit } from './fer2013'

const BATCH = 64
const PIXELS = FER2013_SIDE_PX * FER2013_SIDE_PX

/** FER2013 pictures are crops already: the whole picture goes to the network. */
const WHOLE_PICTURE = {
  widthPx: FACE_API_INPUT_PX,
  heightPx: FACE_API_INPUT_PX,
  colour: 'rgb' as const,
  normalisation: { kind: 'fixed' as const, mean: [...FACE_API_MEAN_RGB], scale: FACE_API_SCALE },
  crop: { reference: 'detector' as const, boxCentreX: 0.5, boxCentreY: 0.5, boxSide: 1, levelEyes: false },
  mirrorAverage: false,
}

/**
 * Logits of face-api's net for every picture, shape [count, 7].
 * @param mirror averages the logits of the picture and its mirror image
 * @param degrade halves the resolution, moves the crop by up to 10% and darkens, each by a rule that depends on the row
 *   alone, so that a second run gives the same
 */
export async function runOnFer2013(
  network: tf.LayersModel,
  split: FerSplit,
  { mirror, degrade }: { readonly mirror: boolean; readonly degrade: boolean },
): Promise<Float32Array> {
  const cropper = new FaceCropper(WHOLE_PICTURE)
  const resampler = new Resampler()
  const perFace = FACE_API_INPUT_PX * FACE_API_INPUT_PX * 3
  const logits = new Float32Array(split.count * EMOTION_COUNT)
  for (let first = 0; first < split.count; first += BATCH) {
    const faces = Math.min(BATCH, split.count - first)
    const rows = mirror ? faces * 2 : faces
    const input = new Float32Array(rows * perFace)
    for (let face = 0; face < faces; face++) {
      const item = first + face
      const picture = { widthPx: FER2013_SIDE_PX, heightPx: FER2013_SIDE_PX, rgb: toRgb(split, item) }
      if (degrade) spoil(picture, resampler, item)
      const shift = degrade ? 0.1 * FER2013_SIDE_PX : 0
      const box = {
        x: shift * Math.sin(item * 2.399),
        y: shift * Math.cos(item * 2.399),
        w: FER2013_SIDE_PX,
        h: FER2013_SIDE_PX,
      }
      cropper.cut(picture, box, 0, input, face * perFace)
      if (mirror) cropper.mirror(input, face * perFace, (faces + face) * perFace)
    }
    const output = tf.tidy(
      () =>
        network.predict(tf.tensor4d(input, [rows, FACE_API_INPUT_PX, FACE_API_INPUT_PX, 3])) as tf.Tensor2D,
    )
    const values = await output.data<'float32'>()
    output.dispose()
    for (let i = 0; i < faces * EMOTION_COUNT; i++) {
      const value = values[i] as number
      logits[first * EMOTION_COUNT + i] = mirror
        ? (value + (values[faces * EMOTION_COUNT + i] as number)) / 2
        : value
    }
  }
  return logits
}

function toRgb(split: FerSplit, item: number): Uint8Array {
  const rgb = new Uint8Array(PIXELS * 3)
  for (let pixel = 0; pixel < PIXELS; pixel++)
    rgb.fill(split.pixels[item * PIXELS + pixel] as number, pixel * 3, pixel * 3 + 3)
  return rgb
}

/** Half the resolution; half the light in every other row. */
function spoil(
  picture: { readonly widthPx: number; readonly heightPx: number; readonly rgb: Uint8Array },
  resampler: Resampler,
  item: number,
): void {
  const half = FER2013_SIDE_PX / 2
  const whole = { left: 0, top: 0, width: FER2013_SIDE_PX, height: FER2013_SIDE_PX }
  const small = new Float32Array(half * half * 3)
  resampler.resize(picture, whole, half, half, small)
  const light = item % 2 === 0 ? 1 : 0.5
  for (let row = 0; row < FER2013_SIDE_PX; row++)
    for (let column = 0; column < FER2013_SIDE_PX; column++) {
      const grey = small[((row >> 1) * half + (column >> 1)) * 3] as number
      const at = (row * FER2013_SIDE_PX + column) * 3
      picture.rgb.fill(Math.round(grey * light), at, at + 3)
    }
}
