import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { UnmaskError } from '../errors'
import { tf } from '../inference/tf'

/** Networks whose weights the face-api.js package brings along and the engine uses. */
export type FaceApiNetwork = 'tiny_face_detector' | 'ssd_mobilenetv1' | 'face_landmark_68' | 'face_expression'

/** Weights of one network by their face-api name, for example "dense0/conv1/pointwise_filter". */
export type FaceApiWeights = Record<string, tf.Tensor>

const requireFromHere = createRequire(typeof __filename === 'string' ? __filename : new URL(import.meta.url))

/** The folder of weights inside the installed face-api.js package: nothing is fetched at run time. */
export function faceApiModelFolder(): string {
  return join(dirname(requireFromHere.resolve('face-api.js/package.json')), 'model')
}

/** Version of the installed package, for cards and metadata. */
export function faceApiVersion(): string {
  return (requireFromHere('face-api.js/package.json') as { version: string }).version
}

/**
 * Reads and dequantises a network's weights. The caller disposes the tensors.
 * @throws UnmaskError 'model.not-found' when the package lacks the file
 */
export async function readFaceApiWeights(network: FaceApiNetwork): Promise<FaceApiWeights> {
  const folder = faceApiModelFolder()
  const manifestPath = join(folder, `${network}_model-weights_manifest.json`)
  try {
    const groups = JSON.parse(await readFile(manifestPath, 'utf8')) as tf.io.WeightsManifestConfig
    const specs = groups.flatMap((group) => group.weights)
    const parts = await Promise.all(
      groups.flatMap((group) => group.paths).map((path) => readFile(join(folder, path))),
    )
    const bytes = Buffer.concat(parts)
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
    return tf.io.decodeWeights(buffer, specs)
  } catch (error) {
    throw new UnmaskError(
      'model.not-found',
      `the weights of face-api's ${network} cannot be read; install the packages again: ${manifestPath}`,
      { cause: error },
    )
  }
}
