import { expect, it, vi } from 'vitest'
import { guardElectron } from '../../main/app/electron-guard'

function run(version: string) {
  const electron = { app: { exit: vi.fn() }, dialog: { showErrorBox: vi.fn() } }
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const goesOn = guardElectron(electron, version)
  const said = stderr.mock.calls.map(([text]) => String(text)).join('')
  stderr.mockRestore()
  return { goesOn, said, ...electron }
}

it.each(['25.0.0', '25.1.1', '45.4.1'])('goes on with Electron %s', (version) => {
  const { goesOn, said, app, dialog } = run(version)
  expect(goesOn).toBe(true)
  expect(said).toBe('')
  expect(dialog.showErrorBox).not.toHaveBeenCalled()
  expect(app.exit).not.toHaveBeenCalled()
})

it('warns about an Electron newer than the newest tried, and goes on', () => {
  const { goesOn, said, app } = run('46.0.0')
  expect(goesOn).toBe(true)
  expect(said).toMatch(/Electron 46\.0\.0 is newer/)
  expect(app.exit).not.toHaveBeenCalled()
})

it.each(['24.8.8', ''])('ends on Electron "%s", saying which one is needed', (version) => {
  const { goesOn, app, dialog } = run(version)
  expect(goesOn).toBe(false)
  expect(app.exit).toHaveBeenCalledWith(1)
  expect(dialog.showErrorBox).toHaveBeenCalledWith(
    'Unmask cannot run here',
    expect.stringMatching(/too old: Unmask runs on 25 to 45|is not a version/),
  )
})
