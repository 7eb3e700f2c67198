import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runUnmask } from '../support/run-unmask'
import { tempFolder } from '../support/temp-folder'

const pixels = (seed: number) =>
  Array.from({ length: 48 * 48 }, (_, i) => (i * (seed + 3) * 7919) % 251).join(' ')

async function fer2013(rows: readonly string[]): Promise<string> {
  const folder = await tempFolder()
  await writeFile(join(folder, 'fer2013.csv'), ['emotion,pixels,Usage', ...rows].join('\n'))
  return folder
}

describe('unmask data check', () => {
  it('shows examples', async () => {
    const { code, stdout } = await runUnmask(['data', 'check', '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain('unmask data check fer2013')
  })

  it('ends with 0 and counts where nothing leaks', async () => {
    const folder = await fer2013([`3,${pixels(1)},Training`, `4,${pixels(2)},PublicTest`])
    const { code, stdout } = await runUnmask(['data', 'check', folder])
    expect(stdout).toMatch(/Training +1 +0 +1 +0/)
    expect(stdout).toContain('0 errors')
    expect(code).toBe(0)
  })

  it('ends with 1 for a leak, as JSON too, and writes the ids for an evaluation without them', async () => {
    const folder = await fer2013([
      `3,${pixels(1)},Training`,
      `4,${pixels(2)},PublicTest`,
      `3,${pixels(1)},PublicTest`,
    ])
    const list = join(folder, 'shared.txt')
    const { code, stdout } = await runUnmask(['data', 'check', folder, '--json', '--write-shared', list])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      form: 'fer2013',
      items: 3,
      findings: [{ kind: 'shared-items', severity: 'error', ids: ['fer2013:2'] }, {}, {}, {}],
    })
    expect(await readFile(list, 'utf8')).toBe('fer2013:2\n')
    const again = await runUnmask(['data', 'check', folder, '--write-shared', list])
    expect(again.code).toBe(2)
    expect(again.stderr).toContain('--force')
  })

  it('goes on after broken rows, names their lines and ends with 1', async () => {
    const folder = await fer2013([`3,${pixels(1)},Training`, '9,1 2 3,Training', '3,1 2 3,Training'])
    const { code, stdout } = await runUnmask(['data', 'check', folder])
    expect(code).toBe(1)
    expect(stdout).toContain('line 3: the emotion is "9"')
    expect(stdout).toContain('line 4: 3 pixels')
    expect(stdout).toContain('FER2013, 1 items')
  })

  it('says in one line what is no data set', async () => {
    const folder = await tempFolder()
    const { code, stdout, stderr } = await runUnmask(['data', 'check', folder])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).toContain('no data set is recognised')
    expect((await runUnmask(['data', 'check', join(folder, 'none')])).code).toBe(1)
  })
})
