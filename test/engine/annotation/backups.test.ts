import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { BackupPlan } from '../../../main/engine/annotation/backups'
import { backupPath, listBackups } from '../../../main/engine/annotation/paths'
import { parseSnapshot } from '../../../main/engine/annotation/snapshot-file'
import { sampleStudy } from '../../support/study'
import { annotationsFolder, bout, CLIP, idsOf, openStore, put, textOf } from './store-support'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
const START_MS = Date.UTC(2026, 2, 2, 8)
const ann = { study: sampleStudy(), observerId: 'ann' }
const of = { clipId: CLIP }

const stampsOf = async (folder: string): Promise<string[]> =>
  (await listBackups(folder, of)).map(({ stamp }) => stamp)

describe('timed backups', () => {
  it('are made every ten minutes of change, across sessions', async () => {
    const folder = await annotationsFolder()
    let nowMs = START_MS
    const options = { now: () => nowMs }
    const first = await openStore(folder, options)
    const code = async (store: typeof first, at: number): Promise<void> => {
      await store.edit(put(bout(at)), ann)
      await store.flush()
    }
    await code(first, 0)
    expect(await stampsOf(folder)).toEqual(['2026-03-02T08-00-00-000Z'])
    nowMs += 9 * MINUTE_MS
    await code(first, 1)
    expect(await stampsOf(folder)).toHaveLength(1)
    await first.close()
    const second = await openStore(folder, options)
    nowMs += MINUTE_MS
    await code(second, 2)
    const backups = await listBackups(folder, of)
    expect(backups.map(({ stamp }) => stamp)).toEqual([
      '2026-03-02T08-10-00-000Z',
      '2026-03-02T08-00-00-000Z',
    ])
    const text = await textOf(join(folder, 'backups', backups[0]?.name ?? ''))
    const { items, damage } = parseSnapshot(text, '')
    expect(damage).toBeNull()
    expect(idsOf(items.map(({ item }) => item))).toEqual(['bout-0', 'bout-1', 'bout-2'])
    // Time alone makes none.
    nowMs += DAY_MS
    await second.flush()
    expect(await stampsOf(folder)).toHaveLength(3)
    await second.close()
  })

  it('keeps the newest twelve, and one a day for fourteen days', async () => {
    const folder = await annotationsFolder()
    let nowMs = START_MS
    const plan = new BackupPlan(folder, of, () => nowMs)
    // Twenty days with a backup every two hours.
    for (let step = 0; step < 20 * 12; step++) {
      await plan.consider(() => ['{}'])
      nowMs += 120 * MINUTE_MS
    }
    const stamps = await stampsOf(folder)
    const days = [...new Set(stamps.map((stamp) => stamp.slice(0, 10)))]
    expect(days).toHaveLength(14)
    expect(stamps.slice(0, 12)).toEqual([...stamps].sort().reverse().slice(0, 12))
    expect(new Set(stamps.slice(0, 12).map((stamp) => stamp.slice(0, 10))).size).toBeLessThanOrEqual(2)
    // Beyond the newest twelve a day has one, its last.
    const older = stamps.slice(12)
    expect(new Set(older.map((stamp) => stamp.slice(0, 10))).size).toBe(older.length)
    expect(older.every((stamp) => stamp.includes('T22'))).toBe(true)
  })

  it('takes no other clip for its own, nor touches foreign files', async () => {
    const folder = await annotationsFolder()
    await mkdir(join(folder, 'backups'))
    const stranger = backupPath(folder, { clipId: `${CLIP}.x` }, START_MS)
    await writeFile(stranger, '{}')
    await writeFile(backupPath(folder, 'study', START_MS), '{}')
    await writeFile(join(folder, 'backups', `${CLIP}.notes.annotations.json`), 'mine')
    const plan = new BackupPlan(folder, of, () => START_MS)
    for (let step = 0; step < 3; step++) await plan.make(() => ['{}'])
    expect(await stampsOf(folder)).toHaveLength(1)
    expect(await readdir(join(folder, 'backups'))).toHaveLength(4)
    expect(await listBackups(folder, 'study')).toHaveLength(1)
  })

  it('goes on where a clock was set back', async () => {
    const folder = await annotationsFolder()
    let nowMs = START_MS
    const plan = new BackupPlan(folder, of, () => nowMs)
    await plan.consider(() => ['{}'])
    nowMs -= DAY_MS
    await plan.consider(() => ['{}'])
    expect(await stampsOf(folder)).toHaveLength(2)
  })
})
