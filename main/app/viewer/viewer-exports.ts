import { UnmaskError } from '../../engine/errors'
import type { ClipAnnotation } from '../../engine/export/annotated/clip-annotation'
import type { ExportedFiles, ExportFormat } from '../../engine/results/export-clip'
import { exportReplySchema } from '../../host/viewer/export-orders'

export interface ClipExport {
  readonly token: string
  readonly formats: readonly ExportFormat[]
  readonly targetFolder: string
  readonly replace: boolean
  readonly annotation: ClipAnnotation | null
}

/** Asks the viewer process to write files, and hears what became of it. */
export class ViewerExports {
  readonly #post: (message: unknown) => void
  readonly #waiting = new Map<
    number,
    { resolve: (files: ExportedFiles) => void; reject: (error: UnmaskError) => void }
  >()
  #lastId = 0

  constructor(post: (message: unknown) => void) {
    this.#post = post
  }

  /** @throws UnmaskError as exportClip, 'cancelled', or 'host.crashed' when the process ended over it */
  run(request: ClipExport, signal: AbortSignal): Promise<ExportedFiles> {
    const id = ++this.#lastId
    const cancel = () => this.#post({ type: 'cancelExport', id })
    signal.addEventListener('abort', cancel, { once: true })
    return new Promise<ExportedFiles>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#post({ type: 'export', id, ...request })
      if (signal.aborted) cancel()
    }).finally(() => {
      this.#waiting.delete(id)
      signal.removeEventListener('abort', cancel)
    })
  }

  /** Takes a message of the process; those that answer no export are let pass. */
  receive(message: unknown): void {
    const parsed = exportReplySchema.safeParse(message)
    if (!parsed.success) return
    const { id, result } = parsed.data
    const waiting = this.#waiting.get(id)
    if (result.ok) waiting?.resolve(result.value)
    else waiting?.reject(new UnmaskError(result.fault.code, result.fault.message))
  }

  /** The process is gone. */
  end(reason: string): void {
    for (const { reject } of this.#waiting.values())
      reject(new UnmaskError('host.crashed', `the export was not finished: ${reason}; try it again`))
  }
}
