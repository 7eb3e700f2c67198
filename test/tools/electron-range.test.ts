import { expect, it } from 'vitest'
import manifest from '../../package.json'
import { judgeElectron, NEWEST_TRIED, OLDEST } from '../../main/app/electron-range'

it.each([
  ['24.8.8', 'too-old'],
  ['1.8.2', 'too-old'],
  ['25.0.0', 'fits'],
  ['25.1.1', 'fits'],
  ['v33.2.0', 'fits'],
  ['45.4.1', 'fits'],
  ['46.0.0-beta.3', 'untried'],
  ['100.0.0', 'untried'],
  ['', 'unreadable'],
  ['latest', 'unreadable'],
])('Electron %s: %s', (version, verdict) => {
  const judged = judgeElectron(version)
  expect(judged.verdict).toBe(verdict)
  expect(judged.message === '').toBe(verdict === 'fits')
})

it('has been tried up to the version that the project installs', () => {
  expect(Number(manifest.devDependencies.electron.split('.')[0])).toBe(NEWEST_TRIED)
  expect(OLDEST).toBe(25)
})
