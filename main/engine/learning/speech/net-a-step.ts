import { tf } from '../../inference/tf'
import type { DropoutStream } from '../training/fused-layers'
import type { Parameter } from '../training/parameters'
import { native } from './native-step'
import type { TrainingBatch } from './training-batch'

const BLOCKS = ['block64', 'block96', 'block128'] as const
const NORM_EPSILON = 1e-3
const NORM_MOMENTUM = 0.95

export interface NetStep {
  readonly loss: number
  /** Shape [size, classes]. */
  readonly logits: Float32Array
  /** In the order of the parameters. */
  readonly gradients: Float32Array[]
}

interface NetAStepOptions {
  readonly dropoutRate: number
  readonly stream: DropoutStream
}

interface Moving {
  readonly variable: tf.Variable
  readonly values: Float32Array
}

/**
 * Loss and gradients of net A written out by hand, on TensorFlow's own operations: what automatic differentiation of the
 * layers gives (a test compares them), at a third of its cost. The layers stay what is saved and what predicts.
 */
export class NetAStep {
  private readonly parameters: readonly Parameter[]
  private readonly places: ReadonlyMap<string, number>
  private readonly moving: ReadonlyMap<string, { readonly mean: Moving; readonly variance: Moving }>
  private readonly options: NetAStepOptions

  constructor(network: tf.LayersModel, parameters: readonly Parameter[], options: NetAStepOptions) {
    this.parameters = parameters
    this.places = new Map(parameters.map(({ name }, index) => [name, index]))
    this.options = options
    this.moving = new Map(
      BLOCKS.map((block) => {
        const [, , mean, variance] = network.getLayer(`${block}_norm`).weights.map((weight) => {
          const variable = (weight as unknown as { val: tf.Variable }).val
          return { variable, values: Float32Array.from(variable.dataSync()) }
        })
        return [block, { mean: mean!, variance: variance! }]
      }),
    )
  }

  /** Whether a network's trainable parameters are those that are differentiated here: frozen ones are not. */
  static fits(parameters: readonly Parameter[]): boolean {
    return tf.getBackend() === 'tensorflow' && parameters.some(({ name }) => name === 'block64_norm/gamma')
  }

  /** Writes the moving statistics, which are kept here in between, into the network. */
  flush(): void {
    for (const { mean, variance } of this.moving.values())
      for (const { variable, values } of [mean, variance]) {
        const updated = tf.tensor(values.slice(), variable.shape)
        variable.assign(updated)
        updated.dispose()
      }
  }

  run({ size, features, mask, targets }: TrainingBatch): NetStep {
    const classes = targets.length / size
    const steps = mask.length / size
    let step: NetStep | null = null
    // Nothing is returned through tidy: it would walk over every number of the arrays in search of tensors.
    tf.tidy(() => {
      const gradients = new Map<string, tf.Tensor>()
      const timeAxes = ints([1, 2])
      const masks = halvedMasks(mask, size, steps)
      const input = tf.tensor(features, [size, 1, steps, features.length / mask.length])
      const first = this.blockForward('block64', input, masks[0]!, { isHalved: true, timeAxes })
      const second = this.blockForward('block96', first.out, masks[1]!, { isHalved: true, timeAxes })
      const third = this.blockForward('block128', second.out, masks[2]!, { isHalved: false, timeAxes })
      const head = this.headForward(third.out, masks[2]!)
      const logits = head.logits.dataSync<'float32'>()
      const { loss, slopes } = crossEntropy(logits, targets, classes)
      const dLogits = tf.tensor(slopes, [size, classes])
      let slope = this.headBackward(head, third.out, dLogits, gradients)
      slope = this.blockBackward(third, slope, { gradients, timeAxes })!
      slope = this.blockBackward(second, slope, { gradients, timeAxes })!
      this.blockBackward(first, slope, { gradients, timeAxes, isFirst: true })
      step = {
        loss,
        logits,
        gradients: this.parameters.map(({ name }) => gradients.get(name)!.dataSync<'float32'>()),
      }
    })
    return step!
  }

  private weight(name: string): tf.Tensor {
    return this.parameters[this.places.get(name)!]!.variable
  }

  private blockForward(
    block: (typeof BLOCKS)[number],
    input: tf.Tensor,
    { mask, inverseLength }: HalvedMask,
    { isHalved, timeAxes }: { isHalved: boolean; timeAxes: tf.Tensor },
  ) {
    const convolved = native.conv(input, this.filter(block))
    const none = tf.tensor1d([])
    const norm = native.batchNorm(
      convolved,
      this.weight(`${block}_norm/gamma`),
      this.weight(`${block}_norm/beta`),
      none,
      NORM_EPSILON,
    )
    const { mean: movingMean, variance: movingVariance } = this.moving.get(block)!
    moveTowards(movingMean.values, norm.mean)
    moveTowards(movingVariance.values, norm.variance)
    const active = native.mul(native.relu(norm.y), mask)
    const mean = native.mul(native.sum(active, timeAxes), inverseLength)
    const squeezed = native.relu(this.dense(mean, `${block}_squeeze`))
    const gate = native.sigmoid(this.dense(squeezed, `${block}_excite`))
    const gate4 = native.reshape(gate, ints([gate.shape[0]!, 1, 1, gate.shape[1]!]))
    const pooled = isHalved ? native.halve(active) : active
    const out = native.mul(pooled, gate4)
    return {
      block,
      input,
      convolved,
      norm,
      active,
      mean,
      squeezed,
      gate,
      gate4,
      pooled,
      out,
      inverseLength,
      isHalved,
    }
  }

  private blockBackward(
    forward: ReturnType<NetAStep['blockForward']>,
    slope: tf.Tensor,
    context: { gradients: Map<string, tf.Tensor>; timeAxes: tf.Tensor; isFirst?: boolean },
  ): tf.Tensor | null {
    const { block, input, convolved, norm, active, mean, squeezed, gate, gate4, pooled } = forward
    const { gradients, timeAxes, isFirst = false } = context
    const dGate = native.sum(native.mul(slope, pooled), timeAxes)
    const dSqueezed = this.denseBackward(
      squeezed,
      native.sigmoidGrad(gate, dGate),
      `${block}_excite`,
      gradients,
    )
    const dMean = this.denseBackward(
      mean,
      native.reluGrad(dSqueezed, squeezed),
      `${block}_squeeze`,
      gradients,
    )
    const [batch, channels] = gate.shape as [number, number]
    const perStep = native.reshape(native.mul(dMean, forward.inverseLength), ints([batch, 1, 1, channels]))
    const dPooled = native.mul(slope, gate4)
    const unpooled = forward.isHalved ? native.halveGrad(active, pooled, dPooled) : dPooled
    // What is masked or not active is zero in `active`, and gets no gradient.
    const dNorm = native.reluGrad(native.add(unpooled, perStep), active)
    const { dx, dScale, dOffset } = native.batchNormGrad(
      dNorm,
      convolved,
      this.weight(`${block}_norm/gamma`),
      norm.reserved,
      NORM_EPSILON,
    )
    gradients.set(`${block}_norm/gamma`, dScale)
    gradients.set(`${block}_norm/beta`, dOffset)
    const filter = this.filter(block)
    gradients.set(`${block}_conv/kernel`, native.convFilterGrad(input, ints(filter.shape), dx))
    return isFirst ? null : native.convInputGrad(ints(input.shape), filter, dx)
  }

  private headForward(x: tf.Tensor, { flat, penalty }: HalvedMask) {
    const [batch, , steps, channels] = x.shape as [number, number, number, number]
    const rows = native.reshape(x, ints([batch * steps, channels]))
    const sequence = native.reshape(x, ints([batch, steps, channels]))
    const hidden = native.tanh(this.dense(rows, 'attention_hidden'))
    const scores = native.reshape(this.dense(hidden, 'attention_score'), ints([batch, steps]))
    const weights = native.softmax(native.add(scores, penalty))
    const weights3 = native.reshape(weights, ints([batch, 1, steps]))
    const attended = native.reshape(native.batchMatMul(weights3, sequence), ints([batch, channels]))
    const loudest3 = native.max(sequence, ints([1]), true)
    const loudest = native.reshape(loudest3, ints([batch, channels]))
    const summary = tf.concat([attended, loudest] as tf.Tensor2D[], 1)
    const kept = tf.tensor(this.dropMask(summary.size), summary.shape)
    const dropped = native.mul(summary, kept)
    const logits = this.dense(dropped, 'logits')
    return { rows, sequence, hidden, weights, weights3, loudest3, kept, dropped, logits, flat }
  }

  private headBackward(
    head: ReturnType<NetAStep['headForward']>,
    x: tf.Tensor,
    dLogits: tf.Tensor,
    gradients: Map<string, tf.Tensor>,
  ): tf.Tensor {
    const { rows, sequence, hidden, weights, weights3, loudest3, kept, dropped } = head
    const [batch, , steps, channels] = x.shape as [number, number, number, number]
    const dSummary = native.mul(this.denseBackward(dropped, dLogits, 'logits', gradients), kept)
    const [dAttended, dLoudest] = tf.split(dSummary, 2, 1) as [tf.Tensor, tf.Tensor]
    const dAttended3 = native.reshape(dAttended, ints([batch, 1, channels]))
    const dLoudest3 = native.reshape(dLoudest, ints([batch, 1, channels]))
    const dWeights = native.reshape(
      native.batchMatMul(dAttended3, sequence, false, true),
      ints([batch, steps]),
    )
    const inner = native.sum(native.mul(weights, dWeights), ints([1]), true)
    const dScores = native.reshape(native.mul(weights, native.sub(dWeights, inner)), ints([batch * steps, 1]))
    const dHidden = this.denseBackward(hidden, dScores, 'attention_score', gradients)
    const dRows = this.denseBackward(rows, native.tanhGrad(hidden, dHidden), 'attention_hidden', gradients)
    const isLoudest = tf.cast(tf.equal(sequence, loudest3), 'float32')
    const direct = native.add(
      native.batchMatMul(weights3, dAttended3, true),
      native.mul(isLoudest, dLoudest3),
    )
    const together = native.add(native.reshape(direct, ints([batch * steps, channels])), dRows)
    return native.reshape(together, ints([batch, 1, steps, channels]))
  }

  private dense(x: tf.Tensor, layer: string): tf.Tensor {
    return native.biasAdd(native.matMul(x, this.weight(`${layer}/kernel`)), this.weight(`${layer}/bias`))
  }

  private denseBackward(
    x: tf.Tensor,
    slope: tf.Tensor,
    layer: string,
    gradients: Map<string, tf.Tensor>,
  ): tf.Tensor {
    gradients.set(`${layer}/kernel`, native.matMul(x, slope, true))
    gradients.set(`${layer}/bias`, native.biasGrad(slope))
    return native.matMul(slope, this.weight(`${layer}/kernel`), false, true)
  }

  /** The one-dimensional kernel as a convolution of height 1. */
  private filter(block: string): tf.Tensor {
    const kernel = this.weight(`${block}_conv/kernel`)
    return native.reshape(kernel, ints([1, ...kernel.shape]))
  }

  private dropMask(size: number): Float32Array {
    const { dropoutRate, stream } = this.options
    const keep = 1 - dropoutRate
    const mask = new Float32Array(size)
    const { random } = stream
    if (dropoutRate === 0) return mask.fill(1)
    if (!random) throw new Error('dropout has no random stream; the trainer must set it before each step')
    for (let index = 0; index < size; index++) mask[index] = random.next() < keep ? 1 / keep : 0
    return mask
  }
}

const ints = (values: readonly number[]) => tf.tensor1d(values as number[], 'int32')

function moveTowards(values: Float32Array, batch: tf.Tensor): void {
  const now = batch.dataSync<'float32'>()
  for (let k = 0; k < values.length; k++)
    values[k] = values[k]! + (1 - NORM_MOMENTUM) * (now[k]! - values[k]!)
}

/** A mask at one resolution, as the blocks use it. */
interface HalvedMask {
  readonly flat: Float32Array
  /** Shape [batch, 1, steps, 1]. */
  readonly mask: tf.Tensor
  /** One over the masked steps, shape [batch, 1]. */
  readonly inverseLength: tf.Tensor
  /** 0 on speech and far below zero on padding, shape [batch, steps]. */
  readonly penalty: tf.Tensor
}

const PADDING_PENALTY = 1e4

function halvedMasks(mask: Float32Array, size: number, steps: number): HalvedMask[] {
  const out: HalvedMask[] = []
  let flat = mask
  let length = steps
  for (let level = 0; level < BLOCKS.length; level++) {
    const inverse = new Float32Array(size)
    for (let row = 0; row < size; row++) {
      let sum = 0
      for (let step = 0; step < length; step++) sum += flat[row * length + step]!
      inverse[row] = sum > 0 ? 1 / sum : 1 / length
    }
    out.push({
      flat,
      mask: tf.tensor(flat, [size, 1, length, 1]),
      inverseLength: tf.tensor(inverse, [size, 1]),
      penalty: tf.tensor(
        flat.map((value) => (value - 1) * PADDING_PENALTY),
        [size, length],
      ),
    })
    const half = length >> 1
    const next = new Float32Array(size * half)
    for (let row = 0; row < size; row++)
      for (let step = 0; step < half; step++)
        next[row * half + step] = Math.max(flat[row * length + 2 * step]!, flat[row * length + 2 * step + 1]!)
    flat = next
    length = half
  }
  return out
}

/** Mean cross-entropy over the batch and its slope by the logits. A row of targets may sum to any weight. */
export function crossEntropy(
  logits: Float32Array,
  targets: Float32Array,
  classes: number,
): { loss: number; slopes: Float32Array } {
  const size = logits.length / classes
  const slopes = new Float32Array(logits.length)
  let loss = 0
  for (let at = 0; at < logits.length; at += classes) {
    let highest = Number.NEGATIVE_INFINITY
    let weight = 0
    for (let k = 0; k < classes; k++) {
      highest = Math.max(highest, logits[at + k]!)
      weight += targets[at + k]!
    }
    let total = 0
    for (let k = 0; k < classes; k++) total += Math.exp(logits[at + k]! - highest)
    const logTotal = highest + Math.log(total)
    for (let k = 0; k < classes; k++) {
      loss -= (targets[at + k]! * (logits[at + k]! - logTotal)) / size
      slopes[at + k] = (weight * Math.exp(logits[at + k]! - logTotal) - targets[at + k]!) / size
    }
  }
  return { loss, slopes }
}
