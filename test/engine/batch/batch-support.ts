import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ClipJob, ClipOutcome, LabelOptions } from '../../../main/engine/batch/clip-job'
import type { ClipWorker } from '../../../main/engine/batch/clip-worker'
import { type BatchEvent, type BatchRequest } from '../../../main/engine/batch/run-batch'
import { UnmaskError } from '../../../main/engine/errors'
import { analysisSettings } from '../../../main/engine/timeline/settings'

export function labelOptions(): LabelOptions {
  return {
    settings: analysisSettings(),
    exports: { long: false, eaf: false, textgrid: false, boris: false, landmarks: false, bom: false },
  }
}

export type Behaviour = 'ok' | 'bad' | 'crash' | 'disk-full' | 'hang' | 'locked'

/** A worker that behaves by the clip's name: a file called "crash.mp4" kills it. It writes a real result file. */
export class ScriptedWorker implements ClipWorker {
  isUsable = true
  isClosed = false
  readonly labelled: string[] = []

  async label(job: ClipJob, options: Parameters<ClipWorker['label']>[1]): Promise<ClipOutcome> {
    this.labelled.push(job.clipId)
    const behaviour = (/^(bad|crash|disk-full|hang|locked)/.exec(job.clipId)?.[1] ?? 'ok') as Behaviour
    options.onProgress({ stage: 'face', fraction: 0.5, frames: 5 })
    await new Promise((resolve) => setImmediate(resolve))
    switch (behaviour) {
      case 'bad':
        throw new UnmaskError('media.decode-failed', `nothing decodes: ${job.path}`, { stage: 'face' })
      case 'crash':
        this.isUsable = false
        throw new UnmaskError('host.crashed', 'the analysis host ended (signal SIGSEGV)')
      case 'disk-full':
        throw new UnmaskError('output.disk-full', `no space left: ${job.outFolder}`)
      case 'locked':
        throw new UnmaskError('output.unwritable', `EACCES: ${job.path}`, { stage: 'hash' })
      case 'hang':
        return new Promise((_, reject) => {
          const stop = () => reject(new UnmaskError('cancelled', 'Cancelled'))
          if (options.signal?.aborted) stop()
          options.signal?.addEventListener('abort', stop)
        })
      case 'ok': {
        const file = `${job.clipId}.meta.json`
        await writeFile(join(job.outFolder, file), '{}')
        return { files: [file], frames: 10, warnings: [], wallSecs: 0.1 }
      }
    }
  }

  async close(): Promise<void> {
    this.isClosed = true
  }
}

export interface BatchHarness {
  readonly request: BatchRequest
  readonly workers: ScriptedWorker[]
  readonly events: BatchEvent[]
}

export function batchHarness(
  outFolder: string,
  files: string[],
  overrides: Partial<BatchRequest> = {},
): BatchHarness {
  const workers: ScriptedWorker[] = []
  const events: BatchEvent[] = []
  const request: BatchRequest = {
    files,
    problems: [],
    outFolder,
    options: labelOptions(),
    onExisting: 'refuse',
    jobs: 2,
    identity: { appVersion: '1', backend: 'wasm', models: { face: 'abc' } },
    createWorker: () => {
      const worker = new ScriptedWorker()
      workers.push(worker)
      return worker
    },
    onEvent: (event) => events.push(event),
    ...overrides,
  }
  return { request, workers, events }
}
