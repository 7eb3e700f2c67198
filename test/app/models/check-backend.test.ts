import { beforeAll, describe, expect, it } from 'vitest'
import { checkBackend } from '../../../main/app/models/check-backend'
import { findAppPaths } from '../../../main/host/app-paths'
import { buildStale } from '../../../main/tools/parts.mjs'

const { hostScript } = findAppPaths(process.cwd())
const options = { hostScript, appVersion: '0.0.0' }

/** The host runs in a process of its own here, too; the app only starts it in another way. */
describe('checkBackend', () => {
  beforeAll(() => buildStale())

  it('tells what runs, by itself and by name', async () => {
    const wasm = await checkBackend('wasm', options)
    expect(wasm).toMatchObject({ name: 'wasm', refused: [] })
    expect(wasm.description).toContain('WebAssembly')
    const best = await checkBackend('auto', options)
    const order = ['tensorflow-gpu', 'tensorflow', 'wasm']
    expect(best.refused.map(({ name }) => name)).toEqual(order.slice(0, order.indexOf(best.name)))
    for (const { reason } of best.refused) expect(reason).not.toBe('')
  })

  it('does not fall back where a named one does not load', async () => {
    const best = await checkBackend('auto', options)
    if (best.name === 'tensorflow-gpu') return expect(best.refused).toEqual([])
    await expect(checkBackend('tensorflow-gpu', options)).rejects.toMatchObject({
      code: 'backend.unavailable',
      message: expect.stringContaining('tensorflow-gpu') as string,
    })
  })
})
