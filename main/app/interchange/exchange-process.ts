import { basename } from 'node:path'
import { utilityProcess } from 'electron'
import { UnmaskError } from '../../engine/errors'
import { StudyClient } from '../../host/study-client'
import type { WriteAnnotations } from '../../host/study/exchange-files'
import { startUtility } from '../../host/utility-child'
import type { AppContext } from '../app-context'
import type { ReadAnnotations } from './import-sessions'

/** Half a million annotations take a minute; what takes longer was made to. */
const LIMIT_MS = 120_000
const IDLE_MS = 10_000

/**
 * Reads and writes files of other programs in a process of its own: whatever such a file does to its reader, the window and the
 * annotations that are open go on.
 */
export function startExchange(context: AppContext): {
  readonly read: ReadAnnotations
  readonly write: (order: WriteAnnotations) => Promise<null>
} {
  const client = new StudyClient({
    script: context.paths.studyScript,
    purpose: 'reads and writes files of other programs',
    idleMs: IDLE_MS,
    start: startUtility((script, env) =>
      utilityProcess.fork(script, [], {
        serviceName: 'Unmask exchange',
        stdio: ['ignore', 'ignore', 'pipe'],
        env,
      }),
    ),
  })
  context.onQuit(() => client.close())
  return {
    read: async (path, closesUnpaired) => {
      const signal = AbortSignal.timeout(LIMIT_MS)
      try {
        return await client.run('readAnnotations', { path, closesUnpaired }, { signal })
      } catch (error) {
        if (!signal.aborted) throw error
        throw new UnmaskError(
          'data.invalid',
          `${basename(path)} was not read within ${LIMIT_MS / 1000} s; it is damaged, or has to be divided`,
          { cause: error },
        )
      }
    },
    write: (order) => client.run('writeAnnotations', order),
  }
}
