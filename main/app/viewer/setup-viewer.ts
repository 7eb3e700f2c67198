import type { ExportedFiles } from '../../engine/results/export-clip'
import type { ClipGrant } from '../../host/viewer/grants'
import type { AppContext } from '../app-context'
import { UtilityService } from '../utility-service'
import { Settling } from './settling'
import { type ClipExport, ViewerExports } from './viewer-exports'

/** The viewer process as the rest of the main process sees it. */
export interface ViewerService {
  /** Lets the window ask for this clip by its token. The same token again replaces what it stood for. */
  grant(grant: ClipGrant): void
  revoke(token: string): void
  /** What a token stands for; null where it was not granted. */
  grantOf(token: string): ClipGrant | null
  /** Ends when the process has taken every grant that it was told; at once where it does not run. */
  settle(): Promise<void>
  /** Hands the window a fresh port to the process, which is started if need be. */
  handPort(): void
  /** Writes files of a granted clip. @throws UnmaskError */
  exportClip(request: ClipExport, signal: AbortSignal): Promise<ExportedFiles>
}

export function setupViewer(context: AppContext): ViewerService {
  const grants = new Map<string, ClipGrant>()
  const service: UtilityService = new UtilityService(context, {
    name: 'viewer',
    script: context.paths.viewerScript,
    // A process that was started again has forgotten what it may read.
    onStart: (post) => {
      for (const grant of grants.values()) post({ type: 'grant', ...grant })
    },
    onMessage: (message) => {
      exports.receive(message)
      settling.receive(message)
    },
    onEnd: (reason) => {
      exports.end(reason)
      settling.end()
    },
  })
  const settling = new Settling((message) => service.post(message))
  const exports = new ViewerExports((message) => service.post(message))
  return {
    grant: (grant) => {
      grants.set(grant.token, grant)
      if (service.isRunning) service.post({ type: 'grant', ...grant })
    },
    revoke: (token) => {
      grants.delete(token)
      if (service.isRunning) service.post({ type: 'revoke', token })
    },
    grantOf: (token) => grants.get(token) ?? null,
    settle: () => (service.isRunning ? settling.wait() : Promise.resolve()),
    handPort: () => service.handPort(),
    exportClip: (request, signal) => exports.run(request, signal),
  }
}
