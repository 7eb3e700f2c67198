import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { withLock } from '../../main/tools/electron/lock.mjs'
import { tempFolder } from '../support/temp-folder'

it('lets one at a time in, and the next after a failure', async () => {
  const file = join(await tempFolder(), 'deep', 'lock')
  let inside = 0
  let most = 0
  const enter = (fails: boolean) =>
    withLock(file, async () => {
      most = Math.max(most, ++inside)
      await new Promise((resolve) => setTimeout(resolve, 20))
      inside--
      if (fails) throw new Error('on purpose')
      return 'done'
    })
  const results = await Promise.allSettled([enter(true), enter(false), enter(false)])
  expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected'])
  expect(most).toBe(1)
  expect(existsSync(file)).toBe(false)
})

it('takes over what a process that has ended left behind, and waits for one that lives', async () => {
  const file = join(await tempFolder(), 'lock')
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  writeFileSync(file, String(pid))
  expect(await withLock(file, async () => 'taken over')).toBe('taken over')

  writeFileSync(file, String(process.pid))
  let waits = 0
  const entered = withLock(
    file,
    async () => 'late',
    () => waits++,
  )
  const early = await Promise.race([
    entered,
    new Promise((resolve) => setTimeout(resolve, 400, 'still waiting')),
  ])
  expect(early).toBe('still waiting')
  expect(waits).toBe(1)
  // Whoever held it lets go.
  rmSync(file)
  expect(await entered).toBe('late')
})
