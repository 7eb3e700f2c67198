import { z } from 'zod'
import type { ViewerEvents, ViewerVerbs } from '../../../preload/contract/viewer-port'
import { handler, type PortHandlers } from '../port-server'
import { ClipSound } from './clip-sound'
import { type Grants, tokenSchema } from './grants'

/** Progress faster than this only costs messages. */
const PROGRESS_INTERVAL_MS = 100
const COLUMNS_MAX = 4000
/** Sounds that are read or kept, some 70 MB an hour each until they are in the cache. */
const SOUNDS_MAX = 2
/** Farther out than any recording. */
const SECS_MAX = 1e7

type Answer<K extends keyof ViewerVerbs> = ViewerVerbs[K]['answer']

const secsSchema = z.number().min(-SECS_MAX).max(SECS_MAX)

/** The sound of clips as pictures. */
export function signalVerbs(grants: Grants): PortHandlers {
  const sounds = new Map<string, ClipSound>()
  grants.onClose((token) => {
    sounds.get(token)?.close()
    sounds.delete(token)
  })
  const soundOf = (token: string): ClipSound => {
    const grant = grants.of(token)
    const known = sounds.get(token)
    sounds.delete(token)
    const sound = known && !known.isClosed ? known : new ClipSound(grant)
    sounds.set(token, sound)
    for (const oldest of [...sounds.keys()].slice(0, -SOUNDS_MAX)) {
      sounds.get(oldest)?.close()
      sounds.delete(oldest)
    }
    return sound
  }
  return {
    prepareSignals: handler(
      z.object({ token: tokenSchema }),
      async ({ token }, { signal, emit }): Promise<Answer<'prepareSignals'>> => {
        const sound = soundOf(token)
        let lastSentMs = Number.NEGATIVE_INFINITY
        try {
          const signals = await sound.prepare(signal, (progress) => {
            const nowMs = performance.now()
            if (nowMs - lastSentMs < PROGRESS_INTERVAL_MS) return
            lastSentMs = nowMs
            emit('signalsProgress', { token, ...progress } satisfies ViewerEvents['signalsProgress'])
          })
          if (!signals) return null
          const { soundStartSecs, soundEndSecs } = signals.bounds
          return { soundStartSecs, soundEndSecs }
        } catch (error) {
          // The next request tries again: the recording may have been put back.
          if (sounds.get(token) === sound) sounds.delete(token)
          sound.close()
          throw error
        }
      },
    ),
    signals: handler(
      z.object({
        token: tokenSchema,
        kind: z.enum(['waveform', 'log-mel', 'mfcc']),
        fromSecs: secsSchema,
        toSecs: secsSchema,
        maxColumns: z.number().int().min(1).max(COLUMNS_MAX),
      }),
      async ({ token, kind, ...range }): Promise<Answer<'signals'>> => {
        grants.of(token)
        const signals = sounds.get(token)?.signals
        if (!signals) return null
        if (kind === 'waveform') return signals.waveform(range)
        return kind === 'log-mel' ? signals.logMel(range) : signals.mfcc(range)
      },
    ),
  }
}
