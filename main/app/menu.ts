import { Menu, type MenuItemConstructorOptions } from 'electron'
import { z } from 'zod'
import type { AppContext } from './app-context'
import { answer } from './ipc'

/** Electron's accelerators of commands, by id. */
export type MenuKeys = Readonly<Record<string, string>>

/**
 * Commands and their keys stand in renderer/keys; the menu only names them, so that one place decides what they do. The
 * window itself listens to the keys, which people may change: the menu shows them and, where the system lets it, does not
 * take them.
 */
export function setupMenu(context: AppContext): void {
  buildMenu(context, {})
  answer('showMenuKeys', keysSchema, ({ keys }) => {
    buildMenu(context, keys)
    return null
  })
}

const keysSchema = z.strictObject({
  keys: z.record(
    z.string().max(100),
    z
      .string()
      .regex(/^[\x21-\x7e]+$/)
      .max(60),
  ),
})

function buildMenu(context: AppContext, keys: MenuKeys): void {
  const command = (label: string, id: string): MenuItemConstructorOptions => ({
    label,
    click: () => context.tell('menuCommand', { command: id }),
    ...(keys[id] && { accelerator: keys[id], registerAccelerator: false }),
  })
  const isMac = process.platform === 'darwin'
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        command('New project…', 'project.create'),
        command('Open project…', 'project.open'),
        { type: 'separator' },
        command('Add clips…', 'project.addClips'),
        command('Add folder…', 'project.addFolder'),
        { type: 'separator' },
        command('Export…', 'analyse.export'),
        { type: 'separator' },
        command('Close project', 'project.close'),
        isMac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        command('Library', 'view.library'),
        command('Batch', 'view.batch'),
        command('Analyse', 'view.analyse'),
        command('Study', 'view.study'),
        command('Agreement', 'view.agreement'),
        command('Live', 'view.live'),
        command('Models', 'view.models'),
        command('Settings', 'view.settings'),
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
      submenu: [command('Keyboard shortcuts', 'help.keys'), command('About Unmask', 'help.about')],
    },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}
