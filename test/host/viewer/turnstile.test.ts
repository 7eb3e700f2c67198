import { describe, expect, it } from 'vitest'
import { Turnstile } from '../../../main/host/viewer/turnstile'

const never = new AbortController().signal

describe('a turnstile', () => {
  it('lets one through after another, in order, whatever becomes of them', async () => {
    const turnstile = new Turnstile(10)
    const seen: string[] = []
    let inside = 0
    const work = (name: string, fails = false) =>
      turnstile.pass(never, async () => {
        expect(++inside).toBe(1)
        await new Promise((resolve) => setTimeout(resolve, 3))
        seen.push(name)
        inside--
        if (fails) throw new Error(name)
        return name
      })
    const all = await Promise.allSettled([work('a'), work('b', true), work('c')])
    expect(seen).toEqual(['a', 'b', 'c'])
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await work('d')).toBe('d')
  })

  it('refuses more than may wait, and takes them again later', async () => {
    const turnstile = new Turnstile(3)
    const slow = () => turnstile.pass(never, () => new Promise((resolve) => setTimeout(resolve, 5)))
    const all = await Promise.allSettled(Array.from({ length: 5 }, slow))
    expect(all.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ])
    await expect(slow()).resolves.toBeUndefined()
  })

  it('does not begin what nobody wants any more', async () => {
    const turnstile = new Turnstile(3)
    const controller = new AbortController()
    let began = false
    const first = turnstile.pass(never, () => new Promise((resolve) => setTimeout(resolve, 5)))
    const second = turnstile.pass(controller.signal, async () => (began = true))
    controller.abort()
    await first
    await expect(second).rejects.toMatchObject({ code: 'cancelled' })
    expect(began).toBe(false)
  })
})
