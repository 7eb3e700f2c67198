import { dirname } from 'node:path'
import { app, type BrowserWindow, dialog } from 'electron'
import { eventChannel } from '../../preload/contract'
import { findAppPaths, readAppVersion } from '../host/app-paths'
import { setupAgreement } from './agreement/setup-agreement'
import { studyProject } from './agreement/study-project'
import { setupAnnotation } from './annotation/setup-annotation'
import type { AppContext } from './app-context'
import { registerSchemes, setupAppProtocol } from './app-protocol'
import { guardElectron } from './electron-guard'
import { annotationsPort } from './interchange/annotations-port'
import { setupInterchange } from './interchange/setup-interchange'
import { setupLive } from './live/setup-live'
import { openMainWindow } from './main-window'
import { setupMedia } from './media/setup-media'
import { setupMenu } from './menu'
import { setupMerging } from './merging/setup-merging'
import { setupModels } from './models/setup-models'
import { OpenedFiles } from './opened-files'
import { setupProjects } from './projects/setup-projects'
import { QuitTasks } from './quit-tasks'
import { setupSecurity } from './security'
import { setupSettings } from './settings/setup-settings'
import { setupExports } from './viewer/setup-exports'
import { setupStudyTools } from './study/setup-study-tools'
import { catchStrayErrors } from './stray-errors'
import { setupViewer } from './viewer/setup-viewer'
import { guardClosing, setupWindowRequests } from './window-requests'
import { keepAlive } from './window-health'
import { readWindowBounds, rememberWindowBounds } from './window-state'

let mainWindow: BrowserWindow | null = null

function createContext(quitTasks: QuitTasks): AppContext {
  const paths = findAppPaths(dirname(__filename))
  return {
    paths,
    appVersion: readAppVersion(paths.root),
    userDataFolder: app.getPath('userData'),
    window: () => mainWindow,
    tell: (event, payload) => {
      if (mainWindow && !mainWindow.isDestroyed()) mainWindow.webContents.send(eventChannel(event), payload)
    },
    onQuit: (task) => quitTasks.add(task),
  }
}

function openWindow(context: AppContext): void {
  const window = openMainWindow(context.paths, readWindowBounds(context.userDataFolder))
  mainWindow = window
  rememberWindowBounds(window, context.userDataFolder)
  guardClosing(context)
  keepAlive(window)
  window.on('closed', () => (mainWindow = null))
}

function start(): void {
  registerSchemes()
  const quitTasks = new QuitTasks()
  quitTasks.holdQuit()
  const opened = new OpenedFiles(app)
  app.on('window-all-closed', () => app.quit())
  app.on('second-instance', () => {
    if (mainWindow?.isMinimized()) mainWindow.restore()
    mainWindow?.focus()
  })
  void app.whenReady().then(async () => {
    const context = createContext(quitTasks)
    catchStrayErrors(context)
    setupSecurity()
    setupAppProtocol(context.paths.rendererFolder)
    setupMenu(context)
    await setupSettings(context)
    setupModels(context)
    const viewer = setupViewer(context)
    const annotation = setupAnnotation(context, viewer)
    setupExports(context, viewer, annotation)
    const media = setupMedia(context)
    const projects = await setupProjects(context, { viewer, media, opened, annotation })
    setupAgreement(context, () => projects.session && studyProject(projects.session, annotation))
    setupInterchange(context, { projects, annotations: annotationsPort(annotation) })
    setupStudyTools(context, { projects, annotation })
    setupMerging(context, { projects, annotation })
    const live = setupLive(context, () => {
      const session = projects.session
      return session && { folder: session.project.folder, adopt: (path) => projects.adopt(path) }
    })
    setupWindowRequests(context, { viewer: viewer.handPort, live: live.handPort })
    openWindow(context)
  })
}

// Two instances would fight over projects and settings; the second one hands over what it was to open.
if (guardElectron({ app, dialog }) && app.requestSingleInstanceLock()) start()
else app.quit()
