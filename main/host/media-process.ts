import { dirname } from 'node:path'
import { setPriority } from 'node:os'
import { toFault } from '../engine/errors'
import { makeFolder } from '../engine/export/make-folder'
import { writeBytesAtomic } from '../engine/export/write-bytes'
import { reasonAgainstPlaying } from '../engine/media/playability'
import { probe } from '../engine/media/probe'
import { writeProxy } from '../engine/media/proxy'
import { makeThumbnail } from '../engine/media/thumbnail'
import { type FromMedia, type ToMedia, toMediaSchema } from './media-messages'
import { openHostTransport } from './transport'

type Job = Exclude<ToMedia, { type: 'cancel' }>

/** Behind everything that the user waits for. */
const LOW_PRIORITY = 10

/** The media process of the app: thumbnails and playable copies, one file at a time, apart from what may be hurt by a bad one. */
function startMedia(): void {
  const transport = openHostTransport()
  const send = (message: FromMedia) => transport.send(message)
  const running = new Map<number, AbortController>()
  try {
    setPriority(LOW_PRIORITY)
  } catch {
    // Not every system lets a process step back; it then works at the usual priority.
  }
  transport.onMessage((raw) => {
    const message = toMediaSchema.parse(raw)
    if (message.type === 'cancel') return running.get(message.id)?.abort()
    const controller = new AbortController()
    running.set(message.id, controller)
    run(message, controller.signal, send)
      .then((isNeeded) => send({ type: 'done', id: message.id, isNeeded }))
      .catch((error: unknown) => send({ type: 'failed', id: message.id, fault: toFault(error) }))
      .finally(() => running.delete(message.id))
  })
  transport.onDisconnect(() => process.exit(0))
}

async function run(job: Job, signal: AbortSignal, send: (message: FromMedia) => void) {
  const { id, path, outPath } = job
  const media = await probe(path, { signal })
  if (job.type === 'proxy' && !job.isForced && reasonAgainstPlaying(media) === null) return false
  await makeFolder(dirname(outPath))
  if (job.type === 'thumbnail') await writeBytesAtomic(outPath, await makeThumbnail(media, signal))
  else
    await writeProxy(media, outPath, {
      signal,
      onProgress: (fraction) => send({ type: 'progress', id, fraction }),
    })
  return true
}

startMedia()
