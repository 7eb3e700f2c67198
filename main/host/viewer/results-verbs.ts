import { z } from 'zod'
import type { ViewerVerbs } from '../../../preload/contract/viewer-port'
import { findMoments } from '../../engine/results/moments'
import { handler, type PortHandlers } from '../port-server'
import { blindClip } from './blind-clip'
import { type Grants, tokenSchema } from './grants'
import type { KeptRows } from './kept-rows'
import { openedClip } from './opened-clip'
import { Turnstile } from './turnstile'

export const momentRulesSchema = z.object({
  lowConfidence: z.number().min(0).max(1).optional(),
  minimumSecs: z.number().min(0).max(3600).optional(),
  joinGapSecs: z.number().min(0).max(3600).optional(),
})

/** A window opens one clip, or two beside each other. */
const WAITING_MAX = 8

type Answer<K extends keyof ViewerVerbs> = ViewerVerbs[K]['answer']

/** What the window asks of a clip's result files. */
export function resultsVerbs(grants: Grants, kept: KeptRows): PortHandlers {
  const turnstile = new Turnstile(WAITING_MAX)
  return {
    openClip: handler(
      z.object({ token: tokenSchema, momentRules: momentRulesSchema.optional() }),
      async ({ token, momentRules }, { signal }): Promise<Answer<'openClip'>> => {
        grants.of(token)
        return turnstile.pass(signal, async () => {
          const startMs = performance.now()
          const found = openedClip(await kept.open(token, signal), momentRules)
          const opened = { ...found, readSecs: (performance.now() - startMs) / 1000 }
          return grants.of(token).isBlind ? blindClip(opened) : opened
        })
      },
    ),
    moments: handler(
      z.object({ token: tokenSchema, momentRules: momentRulesSchema }),
      async ({ token, momentRules }, { signal }): Promise<Answer<'moments'>> => {
        grants.of(token)
        return turnstile.pass(signal, async () => {
          const rows = await kept.rows(token)
          return grants.of(token).isBlind ? [] : findMoments(rows, momentRules)
        })
      },
    ),
    closeClip: handler(z.object({ token: tokenSchema }), ({ token }): Answer<'closeClip'> => {
      grants.of(token)
      grants.close(token)
      return null
    }),
  }
}
