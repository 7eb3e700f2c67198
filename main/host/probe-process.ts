import { z } from 'zod'
import { toFault } from '../engine/errors'
import { probe } from '../engine/media/probe'
import type { FromProbe } from './probe-client'
import { openHostTransport } from './transport'

const askSchema = z.object({ id: z.number().int(), path: z.string().min(1) })

/** The probe process of the app: says what recordings hold, so that a file that kills FFmpeg kills nothing else. */
function startProbe(): void {
  const transport = openHostTransport()
  const send = (message: FromProbe) => transport.send(message)
  transport.onMessage((raw) => {
    const { id, path } = askSchema.parse(raw)
    probe(path)
      .then(({ video, audio, durationSecs }) =>
        send({
          id,
          ok: true,
          facts: {
            kind: video ? 'video' : 'audio',
            durationSecs: durationSecs ?? video?.durationSecs ?? audio?.durationSecs ?? null,
            hasSound: audio !== null,
          },
        }),
      )
      .catch((error: unknown) => send({ id, ok: false, fault: toFault(error) }))
  })
  transport.onDisconnect(() => process.exit(0))
}

startProbe()
