import { utilityProcess } from 'electron'
import { z } from 'zod'
import type { Answer } from '../../../preload/contract'
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
  answer('saveTable', z.strictObject({ name: z.string().max(500), text: z.string() }), (ask) =>
    saveTable(context, ask),
  )
  answer('cancelStudy', z.null(), (): Answer<'cancelStudy'> => {
    service.cancel()
    return null
  })
}
