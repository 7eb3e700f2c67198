import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readSettings, SETTINGS_FILE, writeSettings } from '../../../main/app/settings/settings-file'
import { defaultSettings, SETTINGS_VERSION } from '../../../main/app/settings/settings-schema'
import { SettingsService } from '../../../main/app/settings/settings-service'
import { readFusionCard } from '../../../main/engine/fusion/card'
import { findAppPaths } from '../../../main/host/app-paths'
import { planSettings } from '../../../main/host/label-plan'
import { tempFolder } from '../../support/temp-folder'

const defaults = defaultSettings(null)
const NOW_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678)
const ASIDE = '2026-01-02T03-04-05-678Z'

async function folderWith(content: string | object): Promise<string> {
  const folder = await tempFolder()
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  await writeFile(join(folder, SETTINGS_FILE), text)
  return folder
}

describe('readSettings', () => {
  it('gives the defaults where there is no file, and says nothing', async () => {
    expect(readSettings(await tempFolder(), defaults)).toEqual({
      settings: defaults,
      notices: [],
      isStale: false,
    })
  })

  it('brings version 1 up to date: one key a command became a list', async () => {
    const folder = await folderWith({
      formatVersion: 1,
      appearance: { theme: 'dark' },
      keys: { 'transport.mute': 'X', 'transport.loop': '' },
    })
    const { settings, notices, isStale } = readSettings(folder, defaults)
    expect(settings).toEqual({
      ...defaults,
      appearance: { ...defaults.appearance, theme: 'dark' },
      keys: { 'transport.mute': ['X'], 'transport.loop': [] },
    })
    expect(notices).toEqual([])
    expect(isStale).toBe(true)
  })

  it.each([
    ['broken JSON', '{"formatVersion": 2,'],
    ['an empty file', ''],
    ['a list', '[]'],
    ['no version', '{"appearance":{}}'],
    ['a version that is none', '{"formatVersion":"2"}'],
  ])('sets a file aside that is %s', async (_, content) => {
    const folder = await folderWith(content)
    const { settings, notices } = readSettings(folder, defaults, NOW_MS)
    const file = `settings.corrupt-${ASIDE}.json`
    expect(settings).toEqual(defaults)
    expect(notices).toMatchObject([{ kind: 'corrupt', file }])
    expect(await readdir(folder)).toEqual([file])
    expect(await readFile(join(folder, file), 'utf8')).toBe(content)
  })

  it('sets the file of a newer version aside without a change to it', async () => {
    const content = JSON.stringify({ formatVersion: SETTINGS_VERSION + 1, future: { x: 1 } })
    const folder = await folderWith(content)
    const { settings, notices } = readSettings(folder, defaults, NOW_MS)
    const file = `settings.newer-${ASIDE}.json`
    expect(settings).toEqual(defaults)
    expect(notices).toEqual([{ kind: 'newer', file }])
    expect(await readFile(join(folder, file), 'utf8')).toBe(content)
  })

  it('drops fields it does not know and names them', async () => {
    const folder = await folderWith({
      formatVersion: SETTINGS_VERSION,
      sound: 11,
      playback: { stepFrames: 25, jog: true },
    })
    const { settings, notices } = readSettings(folder, defaults)
    expect(settings.playback).toEqual({ ...defaults.playback, stepFrames: 25 })
    expect(notices).toEqual([{ kind: 'unknown', fields: ['sound', 'playback.jog'] }])
  })

  it.each([
    ['a word that is none', { appearance: { theme: 'pink' } }, 'appearance.theme'],
    ['a number out of range', { analysis: { fusion: { floor: 3 } } }, 'analysis.fusion.floor'],
    ['a number as text', { playback: { stepFrames: '10' } }, 'playback.stepFrames'],
    ['a part of a frame', { playback: { stepFrames: 2.5 } }, 'playback.stepFrames'],
    ['a section that is none', { analysis: 7 }, 'analysis'],
    [
      'shares that do not sum to 1',
      { analysis: { fusion: { prior: [1, 1, 1, 1, 1, 1, 1] } } },
      'analysis.fusion.prior',
    ],
    ['too few shares', { analysis: { fusion: { prior: [0.5, 0.5] } } }, 'analysis.fusion.prior'],
    ['one bad share', { analysis: { fusion: { prior: [1, 0, 0, 0, 0, 0, 0] } } }, 'analysis.fusion.prior'],
    [
      'a ramp without a rise',
      { analysis: { fusion: { gates: { face: { score: { zeroAt: 0.9 } } } } } },
      'analysis.fusion.gates.face.score',
    ],
    ['no modality', { analysis: { modalities: [] } }, 'analysis.modalities'],
    ['a colour that is none', { colours: { anger: 'red' } }, 'colours.anger'],
    ['keys that are no lists', { keys: { 'transport.mute': 'X' } }, 'keys.transport.mute'],
  ])('keeps the rest of a file with %s', async (_, bad, field) => {
    const stored = { labelling: { jobs: 3 }, ...bad }
    const folder = await folderWith({ formatVersion: SETTINGS_VERSION, ...stored })
    const { settings, notices } = readSettings(folder, defaults, NOW_MS)
    expect(notices).toMatchObject([{ kind: 'invalid', file: `settings.invalid-${ASIDE}.json` }])
    expect(notices[0]?.kind === 'invalid' && notices[0].fields).toEqual([field])
    expect(settings).toEqual({ ...defaults, labelling: { ...defaults.labelling, jobs: 3 } })
    expect((await readdir(folder)).sort()).toEqual([`settings.invalid-${ASIDE}.json`, SETTINGS_FILE])
  })
})

describe('writeSettings', () => {
  it('writes only what differs from the defaults, which reads back the same', async () => {
    const folder = await tempFolder()
    const settings = {
      ...defaults,
      analysis: { ...defaults.analysis, framesPerSec: 10 },
      keys: { 'transport.mute': ['X'] },
    }
    await writeSettings(folder, settings, defaults)
    expect(JSON.parse(await readFile(join(folder, SETTINGS_FILE), 'utf8'))).toEqual({
      formatVersion: SETTINGS_VERSION,
      analysis: { framesPerSec: 10 },
      keys: { 'transport.mute': ['X'] },
    })
    expect(readSettings(folder, defaults).settings).toEqual(settings)
  })

  it('lets better defaults reach whoever changed nothing there', async () => {
    const folder = await tempFolder()
    await writeSettings(
      folder,
      { ...defaults, appearance: { ...defaults.appearance, theme: 'dark' } },
      defaults,
    )
    const better = { ...defaults, labelling: { ...defaults.labelling, stallSecs: 90 } }
    expect(readSettings(folder, better).settings.labelling.stallSecs).toBe(90)
  })
})

describe('SettingsService', () => {
  it('tells, and writes by itself', async () => {
    const folder = await tempFolder()
    const service = new SettingsService(folder, defaults)
    const heard: number[] = []
    service.onChange(({ playback }) => heard.push(playback.stepFrames))
    service.change({ playback: { stepFrames: 5 } })
    service.change({ playback: { stepFrames: 7 } })
    await service.flush()
    expect(heard).toEqual([5, 7])
    expect(new SettingsService(folder, defaults).current.playback.stepFrames).toBe(7)
  })

  it.each([
    ['playback.stepFrames', { playback: { stepFrames: 1 } }, /from 2 to 1000 frames; it is 1$/],
    ['labelling.jobs', { labelling: { jobs: 2.5 } }, /a whole number from 1 to 64 clips; it is 2\.5$/],
    ['analysis.fusion.floor', { analysis: { fusion: { floor: 1.5 } } }, /from 0\.0001 to 0\.5; it is 1\.5$/],
    ['analysis.speech.hopSecs', { analysis: { speech: { hopSecs: Number.NaN } } }, /from 0\.01 to 30 s/],
    ['colours.anger', { colours: { anger: 'red' } }, /a colour such as/],
    ['nonsense', { nonsense: 1 }, /no such setting/],
    ['playback.jog', { playback: { jog: 1 } }, /no such setting/],
  ])('refuses a bad %s by name and range, and changes nothing', async (field, patch, words) => {
    const service = new SettingsService(await tempFolder(), defaults)
    const change = () => service.change(patch as object)
    expect(change).toThrow(expect.objectContaining({ code: 'usage.invalid' }) as Error)
    expect(change).toThrow(words)
    expect(change).toThrow(new RegExp(`^${field.replaceAll('.', '\\.')}: `))
    expect(service.current).toEqual(defaults)
  })

  it('does not let a patch reach the prototypes of objects', async () => {
    const service = new SettingsService(await tempFolder(), defaults)
    const patch = JSON.parse('{"__proto__":{"polluted":1}}') as object
    expect(() => service.change(patch)).toThrow(/no such setting/)
    expect('polluted' in {}).toBe(false)
  })

  it('gives a command its own keys back', async () => {
    const service = new SettingsService(await tempFolder(), defaults)
    service.change({ keys: { 'transport.mute': ['X'], 'transport.loop': ['Y'] } })
    expect(service.change({ keys: { 'transport.mute': null } }).keys).toEqual({ 'transport.loop': ['Y'] })
  })

  it('resets one section and leaves the others', async () => {
    const service = new SettingsService(await tempFolder(), defaults)
    service.change({ playback: { stepFrames: 5 }, labelling: { jobs: 3 } })
    const { playback, labelling } = service.reset('playback')
    expect(playback).toEqual(defaults.playback)
    expect(labelling.jobs).toBe(3)
    expect(service.reset('all')).toEqual(defaults)
  })

  it('hands each notice out once', async () => {
    const service = new SettingsService(await folderWith('{'), defaults)
    expect(service.takeNotices()).toHaveLength(1)
    expect(service.takeNotices()).toEqual([])
  })

  it('says once that it cannot write, and goes on', async () => {
    const folder = await tempFolder()
    await mkdir(join(folder, SETTINGS_FILE, 'in the way'), { recursive: true })
    const service = new SettingsService(folder, defaults)
    service.takeNotices()
    for (const stepFrames of [5, 6]) {
      service.change({ playback: { stepFrames } })
      await service.flush()
    }
    expect(service.takeNotices()).toMatchObject([{ kind: 'unwritable' }])
    expect(service.current.playback.stepFrames).toBe(6)
  })
})

describe('defaultSettings', () => {
  it('are what the command labels with: the engine and the card of the fusion', async () => {
    const { modelsFolder } = findAppPaths(process.cwd())
    const command = await planSettings({ modelsFolder, backend: 'auto', detector: 'tiny' })
    expect(defaultSettings(await readFusionCard(modelsFolder)).analysis).toEqual(command)
  })
})
