import { describe, expect, it } from 'vitest'
import { UnmaskError } from '../../../main/engine/errors'
import { openBackend } from '../../../main/engine/inference/backend'
import { tf } from '../../../main/engine/inference/tf'

// One process has one backend for life, so everything about WebAssembly stands in this one file.
describe('openBackend', () => {
  it('opens WebAssembly, which is always there, and computes with it', async () => {
    const report = await openBackend('wasm')
    expect(report.name).toBe('wasm')
    expect(report.tfjsVersion).toBe('4.22.0')
    const values = tf.tidy(() => tf.tensor1d([1, 2, 3]).square().dataSync())
    expect([...values]).toEqual([1, 4, 9])
  })

  it('gives the same backend again and refuses another in the same process', async () => {
    const first = await openBackend('wasm')
    expect(await openBackend('auto')).toBe(first)
    await expect(openBackend('tensorflow')).rejects.toMatchObject({
      code: 'backend.unavailable',
      constructor: UnmaskError,
    })
  })
})
