import { basename } from 'node:path'
import { type BrowserWindow, dialog, utilityProcess } from 'electron'
import { z } from 'zod'
import type { Answer } from '../../../preload/contract'
import type { ExportedTables } from '../../../preload/contract/agreement'
import { toFault, UnmaskError } from '../../engine/errors'
import { StudyClient } from '../../host/study-client'
import { startUtility } from '../../host/utility-child'
import type { AppContext } from '../app-context'
import { answer } from '../ipc'
import { saveTable } from './save-table'
import { type StudyProject, StudyService } from './study-service'
import {
  agreementAskSchema,
  momentsAskSchema,
  ratingAskSchema,
  ratingTracesAskSchema,
  statisticsAskSchema,
  stripAskSchema,
  surveyAskSchema,
  transitionMomentsAskSchema,
} from './study-asks'

/** Agreement and statistics of the open project. @param project the open one; null where none is open */
export function setupAgreement(context: AppContext, project: () => StudyProject | null): void {
  const client = new StudyClient({
    script: context.paths.studyScript,
    start: startUtility((script, env) =>
      utilityProcess.fork(script, [], {
        serviceName: 'Unmask study',
        stdio: ['ignore', 'ignore', 'pipe'],
        env,
      }),
    ),
  })
  const service = new StudyService({
    client,
    project,
    onProgress: (done, total) => context.tell('studyProgress', { done, total }),
  })
  context.onQuit(() => client.close())

  answer('surveyStudy', surveyAskSchema, (ask) => service.survey(ask))
  answer('computeAgreement', agreementAskSchema, (ask) => service.agreement(ask))
  answer('agreementMoments', momentsAskSchema, (ask) => service.moments(ask))
  answer('agreementStrip', stripAskSchema, (ask) => service.strip(ask))
  answer('computeRatings', ratingAskSchema, (ask) => service.ratings(ask))
  answer('ratingTraces', ratingTracesAskSchema, (ask) => service.traces(ask))
  answer('computeStatistics', statisticsAskSchema, (ask) => service.statistics(ask))
  answer('transitionMoments', transitionMomentsAskSchema, (ask) => service.transitionMoments(ask))
  answer('exportAgreement', z.strictObject({ of: agreementAskSchema }), ({ of }) =>
    exportTo(context, (folder, mayReplace) => service.exportAgreement(of, folder, mayReplace)),
  )
  answer('exportStatistics', z.strictObject({ of: statisticsAskSchema }), ({ of }) =>
    exportTo(context, (folder, mayReplace) => service.exportStatistics(of, folder, mayReplace)),
  )
  answer('saveTable', z.strictObject({ name: z.string().max(500), text: z.string() }), (ask) =>
    saveTable(context, ask),
  )
  answer('cancelStudy', z.null(), (): Answer<'cancelStudy'> => {
    service.cancel()
    return null
  })
}

/** @returns null where the user picked no folder, or did not want files replaced */
async function exportTo(
  context: AppContext,
  write: (folder: string, mayReplace: boolean) => Promise<readonly string[]>,
): Promise<ExportedTables | null> {
  const window = context.window()
  if (!window) throw new UnmaskError('internal', 'there is no window to ask in')
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: 'Tables to folder',
    buttonLabel: 'Export here',
    properties: ['openDirectory', 'createDirectory'],
  })
  const [folder] = filePaths
  if (canceled || folder === undefined) return null
  try {
    return { folderName: basename(folder), files: await write(folder, false) }
  } catch (error) {
    const { code, message } = toFault(error)
    if (code !== 'output.exists') throw error
    if (!(await mayReplace(window, message))) return null
    return { folderName: basename(folder), files: await write(folder, true) }
  }
}

async function mayReplace(window: BrowserWindow, detail: string): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    message: 'Replace existing tables?',
    detail,
    buttons: ['Cancel', 'Replace'],
    defaultId: 0,
    cancelId: 0,
  })
  return response === 1
}
