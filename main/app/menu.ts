import { Menu, type MenuItemConstructorOptions } from 'electron'
import type { AppContext } from './app-context'

/** Commands stand in renderer/keys; the menu only names them, so that one place decides what they do. */
export function setupMenu(context: AppContext): void {
  const command = (label: string, id: string, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    click: () => context.tell('menuCommand', { command: id }),
    ...(accelerator && { accelerator }),
  })
  const isMac = process.platform === 'darwin'
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        command('New project…', 'project.create', 'CmdOrCtrl+Shift+N'),
        command('Open project…', 'project.open', 'CmdOrCtrl+O'),
        { type: 'separator' },
        command('Add clips…', 'project.addClips', 'CmdOrCtrl+I'),
        command('Add folder…', 'project.addFolder', 'CmdOrCtrl+Shift+I'),
        { type: 'separator' },
        command('Export…', 'analyse.export', 'CmdOrCtrl+E'),
        { type: 'separator' },
        command('Close project', 'project.close'),
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        command('Library', 'view.library', 'CmdOrCtrl+1'),
        command('Batch', 'view.batch', 'CmdOrCtrl+2'),
        command('Analyse', 'view.analyse', 'CmdOrCtrl+3'),
        command('Live', 'view.live', 'CmdOrCtrl+4'),
        command('Models', 'view.models', 'CmdOrCtrl+5'),
        command('Settings', 'view.settings', 'CmdOrCtrl+,'),
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    {
      label: '&Help',
      submenu: [command('Keyboard shortcuts', 'help.keys', 'F1'), command('About Unmask', 'help.about')],
    },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
