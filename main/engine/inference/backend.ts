import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { UnmaskError } from '../errors'
import type { BackendChoice, BackendName, BackendReport } from './backend-choice'
import { tf } from './tf'

const PREFERENCE: readonly BackendName[] = ['tensorflow-gpu', 'tensorflow', 'wasm']
const NATIVE_PACKAGES = {
  'tensorflow-gpu': '@tensorflow/tfjs-node-gpu',
  tensorflow: '@tensorflow/tfjs-node',
} as const

const requireFromHere = createRequire(typeof __filename === 'string' ? __filename : new URL(import.meta.url))

let opened: BackendReport | null = null

/**
 * Chooses the backend of this process: the first of GPU TensorFlow, CPU TensorFlow and WebAssembly that loads and
 * computes. A process has one for life; asking again for another is an error.
 * @throws UnmaskError 'backend.unavailable' when a named backend does not load: a forced choice never falls back
 */
export async function openBackend(choice: BackendChoice = 'auto'): Promise<BackendReport> {
  if (opened) {
    if (choice === 'auto' || choice === opened.name) return opened
    throw new UnmaskError(
      'backend.unavailable',
      `backend ${choice} was asked for, but this process already runs ${opened.name}; start a new process`,
    )
  }
  const candidates = choice === 'auto' ? PREFERENCE : [choice]
  const refused: { name: BackendName; reason: string }[] = []
  for (const name of candidates) {
    try {
      const description = name === 'wasm' ? await openWasm() : await openNative(name)
      await checkArithmetic()
      opened = { name, description, tfjsVersion: tf.version.tfjs, refused }
      return opened
    } catch (error) {
      const reason = firstLine(error)
      if (choice !== 'auto')
        throw new UnmaskError('backend.unavailable', `--backend ${choice} does not load: ${reason}`, {
          cause: error,
        })
      refused.push({ name, reason })
    }
  }
  throw new UnmaskError(
    'backend.unavailable',
    `no backend loads: ${refused.map(({ name, reason }) => `${name}: ${reason}`).join('; ')}`,
  )
}

async function openWasm(): Promise<string> {
  const wasm = await import('@tensorflow/tfjs-backend-wasm')
  const folder = dirname(requireFromHere.resolve('@tensorflow/tfjs-backend-wasm'))
  wasm.setWasmPaths(join(folder, '/'))
  if (!(await tf.setBackend('wasm'))) throw new Error('the WebAssembly backend did not start')
  await tf.ready()
  const simd = (await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')) ? ' SIMD' : ''
  return `WebAssembly${simd}, 1 thread`
}

async function openNative(name: 'tensorflow-gpu' | 'tensorflow'): Promise<string> {
  patchNodeUtil()
  // TensorFlow's own start-up chatter; errors stay.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
  const packageName = NATIVE_PACKAGES[name]
  try {
    requireFromHere.resolve(packageName)
  } catch {
    throw new Error(
      `${packageName} is not installed (npm run setup:tensorflow${name === 'tensorflow' ? '' : ' -- --gpu'})`,
    )
  }
  requireFromHere(packageName)
  if (!(await tf.setBackend('tensorflow'))) throw new Error(`${packageName} did not register with this tfjs`)
  await tf.ready()
  const backend = tf.backend() as unknown as { binding?: { TF_Version?: string }; isUsingGpuDevice?: boolean }
  const isGpu = backend.isUsingGpuDevice === true
  if (name === 'tensorflow-gpu' && !isGpu) throw new Error('TensorFlow found no usable GPU')
  return `TensorFlow ${backend.binding?.TF_Version ?? ''} (${isGpu ? 'GPU' : 'CPU'})`.replace('  ', ' ')
}

/** tfjs-node 4.22 calls two helpers that Node 23 took away. */
function patchNodeUtil(): void {
  const legacy = requireFromHere('node:util') as Record<string, unknown>
  legacy['isNullOrUndefined'] ??= (value: unknown) => value == null
  legacy['isArray'] ??= Array.isArray
}

/** A backend that loads but computes nonsense (an unsupported processor) must not be used. */
async function checkArithmetic(): Promise<void> {
  const product = tf.tidy(() => tf.matMul(tf.ones([8, 16]), tf.fill([16, 8], 0.5)))
  const values = await product.data()
  product.dispose()
  if (!values.every((value) => value === 8)) throw new Error('it multiplies wrongly')
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
}
