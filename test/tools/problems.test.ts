import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  librariesProblem,
  missingDisplay,
  missingSandbox,
  problemsOf,
} from '../../main/tools/electron/problems.mjs'
import { tempFolder } from '../support/temp-folder'

describe('missing libraries', () => {
  it('are named with the Debian packages to install', () => {
    const listed = [
      '\tlinux-vdso.so.1 (0x00007ffd)',
      '\tlibgtk-3.so.0 => not found',
      '\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f)',
      '\tlibgbm.so.1 => not found',
    ].join('\n')
    expect(librariesProblem(listed)).toBe(
      'Electron needs libraries that are not installed: libgtk-3.so.0, libgbm.so.1. ' +
        'On Debian and Ubuntu: sudo apt-get install libgtk-3-0 libnss3 libasound2 libgbm1',
    )
  })

  it('are none where all are found', () => {
    expect(librariesProblem('\tlibc.so.6 => /lib/libc.so.6 (0x00007f)\n\tstatically linked\n')).toBeNull()
  })
})

it.each([
  [{}, /neither DISPLAY nor WAYLAND_DISPLAY.*xvfb-run -a npm start/],
  [{ DISPLAY: '' }, /no screen/],
  [{ DISPLAY: ':0' }, null],
  [{ WAYLAND_DISPLAY: 'wayland-0' }, null],
])('a screen: %j', (env, expected) => {
  const problem = missingDisplay(env)
  if (expected === null) expect(problem).toBeNull()
  else expect(problem).toMatch(expected)
})

describe('the sandbox', () => {
  const settings = (given: Record<string, string>) => (file: string) => given[file] ?? null
  const refused = { '/proc/sys/kernel/unprivileged_userns_clone': '0' }

  it.each([
    ['Debian with user namespaces off', refused],
    ['no user namespaces at all', { '/proc/sys/user/max_user_namespaces': '0' }],
    ['Ubuntu from 24.04', { '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1' }],
  ])('%s: says how to set up its assistant', async (_, given) => {
    const folder = await tempFolder()
    const problem = missingSandbox(folder, settings(given))
    expect(problem).toContain(`sudo chmod 4755 '${join(folder, 'chrome-sandbox')}'`)
  })

  it.each([
    ['a system that says nothing', {}],
    [
      'user namespaces on',
      {
        '/proc/sys/kernel/unprivileged_userns_clone': '1',
        '/proc/sys/user/max_user_namespaces': '15000',
        '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '0',
      },
    ],
  ])('%s: nothing to do', async (_, given) => {
    expect(missingSandbox(await tempFolder(), settings(given))).toBeNull()
  })

  it.runIf(process.getuid?.() === 0)('needs nothing where the assistant is set up', async () => {
    const folder = await tempFolder()
    writeFileSync(join(folder, 'chrome-sandbox'), '')
    chmodSync(join(folder, 'chrome-sandbox'), 0o4755)
    expect(missingSandbox(folder, settings(refused))).toBeNull()
    chmodSync(join(folder, 'chrome-sandbox'), 0o755)
    expect(missingSandbox(folder, settings(refused))).not.toBeNull()
  })
})

it('looks for none of this outside Linux', () => {
  const electron = {
    path: '/nowhere/electron',
    folder: '/nowhere',
    version: '45.0.0',
    source: 'package',
  } as const
  expect(problemsOf(electron, { env: {}, platform: 'darwin' })).toEqual([])
})
