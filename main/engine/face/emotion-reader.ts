import type { FaceCard } from '../inference/card'
import type { LoadedModel } from '../inference/registry'
import { tf } from '../inference/tf'
import { cropLength, FaceCropper } from './crop'
import { boundingBox } from './geometry'
import type { FacePlace } from './interpolate'
import { estimatePose } from './pose'
import type { Picture } from './resample'
import { measureSharpness } from './sharpness'

/** One face to be read. */
export interface FaceTask {
  readonly picture: Picture
  readonly place: FacePlace
}

export interface FaceReading {
  readonly yawDegrees: number
  readonly rollDegrees: number
  /** See sharpness.ts, 0..1. */
  readonly sharpness: number
  /** Calibrated, in the order of the card's labels. */
  readonly modelProbs: Float32Array
}

/** Reads emotion from faces in batches, as the model's card says. */
export class EmotionReader {
  private readonly cropper: FaceCropper
  private readonly perFace: number
  private batch = new Float32Array(0)

  constructor(
    private readonly model: LoadedModel<FaceCard>,
    /** Rows of one batch; with mirror averaging half as many faces. */
    private readonly batchSize: number,
  ) {
    this.cropper = new FaceCropper(model.card.input)
    this.perFace = cropLength(model.card.input)
  }

  async read(tasks: readonly FaceTask[]): Promise<FaceReading[]> {
    const isMirrored = this.model.card.input.mirrorAverage
    const facesPerBatch = Math.max(1, Math.floor(this.batchSize / (isMirrored ? 2 : 1)))
    const readings: FaceReading[] = []
    for (let first = 0; first < tasks.length; first += facesPerBatch)
      readings.push(...(await this.readBatch(tasks.slice(first, first + facesPerBatch), isMirrored)))
    return readings
  }

  private async readBatch(tasks: readonly FaceTask[], isMirrored: boolean): Promise<FaceReading[]> {
    const { card } = this.model
    const { widthPx, heightPx, colour, crop } = card.input
    const channels = colour === 'grey' ? 1 : 3
    const rows = tasks.length * (isMirrored ? 2 : 1)
    if (this.batch.length < rows * this.perFace) this.batch = new Float32Array(rows * this.perFace)
    const poses = tasks.map(({ picture, place }, index) => {
      const pose = estimatePose(place.landmarks)
      const box = crop.reference === 'landmarks' ? boundingBox(place.landmarks) : place.box
      const offset = index * this.perFace
      this.cropper.cut(picture, box, (pose.rollDegrees * Math.PI) / 180, this.batch, offset)
      const sharpness = measureSharpness(this.batch, offset, widthPx, heightPx, channels)
      if (isMirrored) this.cropper.mirror(this.batch, offset, offset + tasks.length * this.perFace)
      return { ...pose, sharpness }
    })
    const logits = await this.run(rows, [rows, heightPx, widthPx, channels])
    const { length } = card.labels
    return poses.map((pose, index) => {
      const own = logits.slice(index * length, (index + 1) * length)
      if (isMirrored)
        for (let label = 0; label < length; label++)
          own[label] =
            ((own[label] as number) + (logits[(tasks.length + index) * length + label] as number)) / 2
      return { ...pose, modelProbs: calibrate(own, card.calibration.temperature) }
    })
  }

  /** @returns logits, shape [rows, labels] */
  private async run(rows: number, shape: [number, number, number, number]): Promise<Float32Array> {
    const { card, network } = this.model
    const output = tf.tidy(() => {
      const input = tf.tensor4d(this.batch.subarray(0, rows * this.perFace), shape)
      const outputs = network.predict(input, { batchSize: rows })
      const chosen = Array.isArray(outputs) ? outputs[card.outputIndex] : outputs
      if (!chosen) throw new Error(`model ${card.id} has no output ${card.outputIndex}`)
      return card.output === 'logits' ? chosen : tf.log(tf.maximum(chosen, 1e-7))
    })
    const logits = await output.data<'float32'>()
    output.dispose()
    return logits
  }
}

/** softmax(logits / temperature), in place. */
function calibrate(logits: Float32Array, temperature: number): Float32Array {
  const top = Math.max(...logits)
  let sum = 0
  for (let i = 0; i < logits.length; i++) {
    const value = Math.exp(((logits[i] as number) - top) / temperature)
    logits[i] = value
    sum += value
  }
  for (let i = 0; i < logits.length; i++) logits[i] = (logits[i] as number) / sum
  return logits
}
