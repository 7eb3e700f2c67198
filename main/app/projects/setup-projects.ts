import { basename } from 'node:path'
import { dialog, type OpenDialogOptions, shell, utilityProcess } from 'electron'
import { z } from 'zod'
import { DROP_CHANNEL } from '../../../preload/contract'
import type { AddedClips, OpenProject } from '../../../preload/contract/project'
import { toFault, UnmaskError } from '../../engine/errors'
import { MEDIA_EXTENSIONS } from '../../engine/media/find-media'
import { ProbeClient } from '../../host/probe-client'
import { startUtility } from '../../host/utility-child'
import type { AnnotationService } from '../annotation/annotation-service'
import type { AppContext } from '../app-context'
import { setupBatch } from '../batch/setup-batch'
import { answer, answerChannel } from '../ipc'
import type { MediaService } from '../media/setup-media'
import type { OpenedFiles } from '../opened-files'
import type { ViewerService } from '../viewer/setup-viewer'
import { PickedPaths } from './picked-paths'
import { isProject, ProjectService } from './project-service'
import type { ProjectSession } from './project-session'
import { RecentProjects } from './recent-projects'

/** What else serves a clip to the window while its project is open. */
export interface ClipServices {
  readonly viewer: Pick<ViewerService, 'grant' | 'revoke'>
  readonly media: MediaService
  readonly opened: Pick<OpenedFiles, 'listen'>
  readonly annotation: Pick<AnnotationService, 'take' | 'show' | 'letGo' | 'isBlindClip'>
}

const tokenSchema = z.string().min(1).max(200)
const tokensSchema = z.strictObject({ tokens: z.array(tokenSchema).max(100_000) })

/** What other parts of main may do with the open project. */
export interface OpenProjects {
  readonly session: ProjectSession | null
  /** Adds a recording that the app made itself and puts it in the queue. @returns its token */
  adopt(path: string): Promise<string>
}

/** Projects, their clips, and the batch that labels them. */
export async function setupProjects(
  context: AppContext,
  { viewer, media, opened, annotation }: ClipServices,
): Promise<OpenProjects> {
  const recent = new RecentProjects(context.userDataFolder)
  await recent.load()
  const picked = new PickedPaths()
  const probes = new ProbeClient({
    script: context.paths.probeScript,
    start: startUtility((script, env) =>
      utilityProcess.fork(script, [], {
        serviceName: 'Unmask probe',
        stdio: ['ignore', 'ignore', 'pipe'],
        env,
      }),
    ),
  })
  const projects: ProjectService = new ProjectService({
    recent,
    hooks: {
      probe: (path) => probes.facts(path),
      onClips: (clips, gone) => context.tell('clipsChanged', { clips, gone }),
      onTrouble: (message) => context.tell('projectTrouble', { message }),
      onGrant: (token, clip, project) => {
        media.grant(token, { mediaPath: clip.realPath, cacheFolder: project.cacheFolder })
        viewer.grant({
          token,
          mediaPath: clip.realPath,
          resultsFolder: project.resultsFolder,
          clipId: clip.clipId,
          cacheFolder: project.cacheFolder,
          isBlind: annotation.isBlindClip(clip.clipId),
        })
      },
      isBlind: (clipId) => annotation.isBlindClip(clipId),
      onRevoke: (token) => {
        media.revoke(token)
        viewer.revoke(token)
      },
    },
    onTaking: (project) => annotation.take(project),
    onOpened: async (session) => {
      batch.take(session)
      annotation.show(session)
      context.tell('projectChanged', { project: session?.facts ?? null })
    },
    onClosing: async () => {
      await batch.letGo()
      await annotation.letGo()
    },
  })
  const batch = setupBatch(context, projects)
  context.onQuit(async () => {
    probes.close()
    await projects.close()
  })
  answerProjects(context, { projects, recent, picked })
  answerClips(context, { projects, picked, batch })
  takeHandedFiles(context, { projects, picked, opened })
  return {
    get session() {
      return projects.session
    },
    adopt: async (path) => {
      const session = projects.open
      const [clip] = await session.add([path])
      if (!clip) throw new UnmaskError('usage.invalid', `this recording is in the project already: ${path}`)
      batch.service?.add([clip.clipId])
      return session.tokenOf(clip.clipId)
    },
  }
}

interface Parts {
  readonly projects: ProjectService
  readonly recent: RecentProjects
  readonly picked: PickedPaths
}

function answerProjects(context: AppContext, { projects, recent }: Parts): void {
  answer('currentProject', z.null(), () => projects.session?.facts ?? null)
  answer('recentProjects', z.null(), () => recent.list())
  answer('forgetRecent', z.strictObject({ token: tokenSchema }), async ({ token }) => {
    await recent.forget(token)
    return null
  })
  answer('openRecent', z.strictObject({ token: tokenSchema }), ({ token }) =>
    projects.openAt(recent.folderOf(token)),
  )
  answer('closeProject', z.null(), async () => {
    await projects.close()
    return null
  })
  answer('chooseProject', z.null(), async () => {
    const folder = await askForFolder(context, 'Open project or results folder')
    if (folder === null) return null
    if (isProject(folder)) return projects.openAt(folder)
    return (await wantsProjectIn(context, folder)) ? projects.createAt(folder) : null
  })
  answer('createProject', z.null(), async (): Promise<OpenProject | null> => {
    const options = { title: 'New project', buttonLabel: 'Create', nameFieldLabel: 'Project name' }
    const window = context.window()
    const { canceled, filePath } = await (window
      ? dialog.showSaveDialog(window, options)
      : dialog.showSaveDialog(options))
    if (canceled || !filePath) return null
    return projects.createAt(filePath)
  })
}

function answerClips(
  context: AppContext,
  { projects, picked, batch }: Pick<Parts, 'projects' | 'picked'> & { batch: ReturnType<typeof setupBatch> },
): void {
  answer('listClips', z.null(), () => projects.session?.list() ?? [])
  answer('addClips', z.null(), async (): Promise<AddedClips | null> => {
    void projects.open
    const extensions = [...MEDIA_EXTENSIONS].map((extension) => extension.slice(1))
    const files = await ask(context, {
      title: 'Add clips',
      buttonLabel: 'Add',
      properties: ['openFile', 'multiSelections'],
      filters: [
        { name: 'Recordings', extensions: [...extensions, ...extensions.map((name) => name.toUpperCase())] },
        { name: 'All files', extensions: ['*'] },
      ],
    })
    return files && projects.addPaths(files, false)
  })
  answer('addFolder', z.strictObject({ isRecursive: z.boolean() }), async ({ isRecursive }) => {
    void projects.open
    const folder = await askForFolder(context, 'Add all recordings of a folder')
    return folder === null ? null : projects.addPaths([folder], isRecursive)
  })
  answerChannel(DROP_CHANNEL, 'drop', z.array(z.string().min(1)).max(100_000), (paths) => picked.give(paths))
  answer('addDropped', tokensSchema, async ({ tokens }) => {
    const paths = picked.of(tokens)
    const [only] = paths
    if (paths.length === 1 && only !== undefined && isProject(only))
      return { opened: await projects.openAt(only), added: null }
    return { opened: null, added: await projects.addPaths(paths, true) }
  })
  answer('removeClips', tokensSchema, ({ tokens }) => {
    const session = projects.open
    const clipIds = tokens.map((token) => session.clipOf(token).clipId)
    batch.service?.cancel(clipIds)
    session.remove(new Set(clipIds))
    return null
  })
  answer('relinkClip', z.strictObject({ token: tokenSchema }), async ({ token }) => {
    const session = projects.open
    const { clipId, realPath } = session.clipOf(token)
    if (batch.service?.isBusy)
      throw new UnmaskError('usage.invalid', 'a batch is running; pause or stop it before you relink a clip')
    const files = await ask(context, {
      title: `Where is ${basename(realPath)} now?`,
      buttonLabel: 'Use this file',
      properties: ['openFile'],
    })
    if (!files?.[0]) return null
    await session.relink(clipId, files[0])
    return session.viewOf(clipId)
  })
  answer('revealClip', z.strictObject({ token: tokenSchema }), ({ token }) => {
    shell.showItemInFolder(projects.open.clipOf(token).realPath)
    return null
  })
  answer('revealResults', z.null(), async () => {
    const problem = await shell.openPath(projects.open.project.resultsFolder)
    if (problem) throw new UnmaskError('input.not-found', `there are no results yet: ${problem}`)
    return null
  })
  answer('refreshProject', z.null(), async () => {
    await projects.session?.refresh()
    return null
  })
}

/** A project among what the system hands over is opened; recordings wait until the window has asked about them. */
function takeHandedFiles(
  context: AppContext,
  { projects, picked, opened }: Pick<Parts, 'projects' | 'picked'> & Pick<ClipServices, 'opened'>,
): void {
  let waiting: string[] = []
  opened.listen((paths) => {
    const project = paths.find(isProject)
    waiting.push(...paths.filter((path) => path !== project))
    const ready = project === undefined ? Promise.resolve() : projects.openAt(project).then(() => undefined)
    ready
      .catch((error: unknown) => context.tell('projectTrouble', { message: toFault(error).message }))
      .finally(() => {
        if (waiting.length > 0) context.tell('clipsHanded', null)
      })
  })
  answer('takeHanded', z.null(), () => {
    const paths = waiting
    waiting = []
    return paths.length === 0
      ? null
      : { tokens: picked.give(paths), names: paths.map((path) => basename(path)) }
  })
}

async function ask(context: AppContext, options: OpenDialogOptions): Promise<readonly string[] | null> {
  const window = context.window()
  const { canceled, filePaths } = await (window
    ? dialog.showOpenDialog(window, options)
    : dialog.showOpenDialog(options))
  return canceled || filePaths.length === 0 ? null : filePaths
}

async function askForFolder(context: AppContext, title: string): Promise<string | null> {
  const folders = await ask(context, { title, properties: ['openDirectory', 'createDirectory'] })
  return folders?.[0] ?? null
}

async function wantsProjectIn(context: AppContext, folder: string): Promise<boolean> {
  const options = {
    type: 'question' as const,
    message: `${basename(folder)} is not a project yet`,
    detail:
      'Make a project in this folder? Results will go into a folder “results” in it; nothing that is there is changed.',
    buttons: ['Make project', 'Cancel'],
    defaultId: 0,
    cancelId: 1,
  }
  const window = context.window()
  const { response } = await (window
    ? dialog.showMessageBox(window, options)
    : dialog.showMessageBox(options))
  return response === 0
}
