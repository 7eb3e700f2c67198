import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { FEATURE_COLUMNS } from '../../main/engine/speech/feature-columns'
import { parseCsv } from '../../main/engine/export/csv'
import { makeClip } from '../support/media-fixtures'
import { repositoryRoot, runUnmask } from '../support/run-unmask'
import { tempFolder } from '../support/temp-folder'

const sample = join(repositoryRoot, 'assets', 'sample', 'ravdess-01-01-01-01-01-01-01.mp4')

describe('unmask --help', () => {
  it.each(['label', 'features', 'probe', 'doctor', 'models'])(
    '%s shows examples and exits with 0',
    async (name) => {
      const { code, stdout } = await runUnmask([name, '--help'])
      expect(code).toBe(0)
      expect(stdout).toContain('Examples:')
      expect(stdout).toContain(`unmask ${name}`)
    },
  )
})

describe('unmask features', () => {
  it('writes a row every 10 ms with the pitch of a known tone', async () => {
    const folder = await tempFolder()
    const clip = join(folder, 'tone.wav')
    const table = join(folder, 'tone.csv')
    await makeClip({ path: clip, video: null, audio: { kind: 'tone', durationSecs: 1 } })
    expect((await runUnmask(['features', clip, '--out', table])).code).toBe(0)
    const [header, ...rows] = parseCsv(await readFile(table, 'utf8'))
    expect(header).toEqual(FEATURE_COLUMNS.map(({ name }) => name))
    // 20 ms frames every 10 ms in 1 s of sound
    expect(rows).toHaveLength(99)
    expect(rows.every((row) => row.length === header?.length)).toBe(true)
    const printed = await runUnmask(['features', clip])
    expect(printed.stdout).toBe(await readFile(table, 'utf8'))
  })

  it('does not overwrite unless told, and says so where there is no sound', async () => {
    const folder = await tempFolder()
    const table = join(folder, 'precious.csv')
    await writeFile(table, 'precious')
    const refused = await runUnmask(['features', sample, '--out', table])
    expect(refused.code).toBe(2)
    expect(await readFile(table, 'utf8')).toBe('precious')
    const mute = join(folder, 'mute.mp4')
    await makeClip({ path: mute, video: { frames: 5 } })
    const { code, stderr } = await runUnmask(['features', mute])
    expect(code).toBe(1)
    expect(stderr).toContain('no sound')
  })
})

describe('unmask probe', () => {
  it('tells what is in a file, as text and as JSON', async () => {
    const { code, stdout } = await runUnmask(['probe', sample])
    expect(code).toBe(0)
    expect(stdout).toContain('h264 640x360')
    const json = await runUnmask(['probe', sample, '--json'])
    expect(JSON.parse(json.stdout)).toMatchObject({
      video: { widthPx: 640, isVariableRate: false },
      audio: { codec: 'aac' },
    })
  })

  it('goes on after a bad file and exits with 1', async () => {
    const folder = await tempFolder()
    const bad = join(folder, 'bad.mp4')
    await writeFile(bad, 'no')
    const { code, stdout, stderr } = await runUnmask(['probe', bad, sample, join(folder, 'missing.mp4')])
    expect(code).toBe(1)
    expect(stdout).toContain(sample)
    expect(stderr.trim().split('\n')).toHaveLength(2)
  })
})

describe('unmask models', () => {
  it('shows every card with its figures and licence', async () => {
    const { code, stdout } = await runUnmask(['models'])
    expect(code).toBe(0)
    const folders = (await readdir(join(repositoryRoot, 'models'), { withFileTypes: true })).filter((entry) =>
      entry.isDirectory(),
    )
    expect(folders.length).toBeGreaterThanOrEqual(2)
    for (const { name } of folders) expect(stdout).toContain(name)
    // Face, speech and the fusion's card.
    expect(stdout.match(/used by default/g)).toHaveLength(3)
    expect(stdout).toContain('CC BY-NC-SA 4.0')
  })
})

describe('unmask doctor', () => {
  it('checks the machine and labels the sample', async () => {
    const { code, stdout } = await runUnmask(['doctor', '--backend', 'wasm'])
    expect(stdout).toMatch(/self-test\s+\d+ frames of the sample in/)
    expect(stdout).toContain('backend: WebAssembly')
    expect(stdout).not.toContain('PROBLEM')
    expect(code).toBe(0)
  })

  it('finds damage and exits with 1', async () => {
    const folder = await tempFolder()
    const { code, stdout } = await runUnmask(['doctor', '--models', folder])
    expect(stdout).toContain('PROBLEM (model.not-found)')
    expect(code).toBe(1)
  })

  it('says why a forced backend does not load', async () => {
    const { code, stdout } = await runUnmask(['doctor', '--backend', 'tensorflow-gpu'])
    expect(stdout).toContain('PROBLEM (backend.unavailable)')
    expect(code).toBe(1)
  })
})
