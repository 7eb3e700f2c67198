/** Names of what can run the networks, apart from backend.ts so that a process that only names them loads no TensorFlow. */

export const BACKEND_CHOICES = ['auto', 'tensorflow-gpu', 'tensorflow', 'wasm'] as const
export type BackendChoice = (typeof BACKEND_CHOICES)[number]
export type BackendName = Exclude<BackendChoice, 'auto'>

/** What runs the networks, and why nothing better does. */
export interface BackendReport {
  readonly name: BackendName
  /** For example "TensorFlow 2.21.0 (CPU)" or "WebAssembly SIMD, 1 thread". */
  readonly description: string
  readonly tfjsVersion: string
  /** Better backends that were tried and refused, best first. */
  readonly refused: readonly { readonly name: BackendName; readonly reason: string }[]
}
