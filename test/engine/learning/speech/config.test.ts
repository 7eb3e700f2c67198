import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readSpeechConfig } from '../../../../main/engine/learning/speech/config'
import { figuresHash } from '../../../../main/engine/learning/speech/crossval-report'
import { memberHash } from '../../../../main/engine/learning/speech/train-member'
import { TINY_CONFIG } from './tiny'

const SHIPPED = resolve(dirname(fileURLToPath(import.meta.url)), '../../../../models/speech/config.json')

describe('the configuration', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'unmask-config-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))
  const read = async (config: object | string) => {
    const file = join(folder, 'config.json')
    await writeFile(file, typeof config === 'string' ? config : JSON.stringify(config))
    return readSpeechConfig(file)
  }

  it('of the shipped model reads', async () => {
    const config = await readSpeechConfig(SHIPPED)
    expect(config.members.length).toBeLessThanOrEqual(3)
    expect(config.copies.speeds[0]).toBe(1)
  })

  it('comes back as it was written', async () => {
    expect(await read(TINY_CONFIG)).toEqual(TINY_CONFIG)
  })

  it.each([
    ['an unknown key', { ...TINY_CONFIG, epochs: 4 }, /epochs/],
    [
      'an unknown key inside',
      { ...TINY_CONFIG, training: { ...TINY_CONFIG.training, momentum: 0.9 } },
      /training.*momentum/,
    ],
    [
      'a wrong value',
      { ...TINY_CONFIG, training: { ...TINY_CONFIG.training, epochs: 0 } },
      /training\.epochs/,
    ],
    [
      'members of one name',
      { ...TINY_CONFIG, members: [TINY_CONFIG.members[0], TINY_CONFIG.members[0]] },
      /differ/,
    ],
    ['no JSON', '{', /JSON/],
  ])('with %s is refused, and the message says where', async (_what, config, message) => {
    await expect(read(config)).rejects.toMatchObject({ code: 'data.invalid' })
    await expect(read(config)).rejects.toThrow(message)
  })
})

describe('hashes', () => {
  const clips = [{ id: 'a', label: 0 }]
  const run = { config: TINY_CONFIG, member: TINY_CONFIG.members[0]!, labels: ['neutral', 'anger'], seed: 1 }

  it('of a run change with whatever changes the weights, and not with a name', () => {
    const hash = memberHash(run, clips)
    const faster = { ...TINY_CONFIG, training: { ...TINY_CONFIG.training, peakRate: 0.1 } }
    expect(memberHash({ ...run, config: faster }, clips)).not.toBe(hash)
    expect(memberHash({ ...run, seed: 2 }, clips)).not.toBe(hash)
    expect(memberHash({ ...run, member: TINY_CONFIG.members[1]! }, clips)).not.toBe(hash)
    expect(memberHash(run, [{ id: 'b', label: 0 }])).not.toBe(hash)
    expect(memberHash({ ...run, config: { ...TINY_CONFIG, title: 'Other' } }, clips)).toBe(hash)
  })

  it('of figures too', () => {
    expect(figuresHash({ ...TINY_CONFIG, id: 'other' })).toBe(figuresHash(TINY_CONFIG))
    expect(figuresHash({ ...TINY_CONFIG, hopSecs: 1 })).not.toBe(figuresHash(TINY_CONFIG))
  })
})
