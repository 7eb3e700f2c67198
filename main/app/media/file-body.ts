import type { FileHandle } from 'node:fs/promises'
import type { ByteRange } from './byte-range'

/** Large enough that a film at several times its speed asks a few hundred times a second at most. */
const CHUNK_BYTES = 1 << 18

/**
 * Part of an open file as the body of an answer: read as it is taken, closed when all was taken or it is given up.
 *
 * Node's own adapter (`Readable.toWeb`) closes a stream that was given up a second time, from where nobody can catch the error
 * (nodejs/node issues 54205 and 64529); a player gives up a stream with every jump.
 */
export function fileBody(handle: FileHandle, { first, last }: ByteRange): ReadableStream<Uint8Array> {
  let at = first
  let reading: Promise<unknown> = Promise.resolve()
  let isGivenUp = false
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const chunk = new Uint8Array(Math.min(CHUNK_BYTES, last - at + 1))
      try {
        const read = handle.read(chunk, 0, chunk.length, at)
        reading = read
        const { bytesRead } = await read
        if (isGivenUp) return
        if (bytesRead === 0)
          throw new Error(`the file became shorter than ${last + 1} bytes while it was read`)
        at += bytesRead
        controller.enqueue(chunk.subarray(0, bytesRead))
        if (at <= last) return
        controller.close()
      } catch (error) {
        if (!isGivenUp) controller.error(error)
      }
      if (!isGivenUp) await handle.close()
    },
    async cancel() {
      isGivenUp = true
      // A handle is not closed under a read.
      await reading.catch(() => undefined)
      await handle.close()
    },
  })
}
