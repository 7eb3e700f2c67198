import { z } from 'zod'
import type { ViewerVerbs } from '../../../preload/contract/viewer-port'
import type { ClipRows } from '../../engine/results/clip-rows'
import { readClipResults } from '../../engine/results/clip-results'
import { findMoments } from '../../engine/results/moments'
import { handler, type PortHandlers } from '../port-server'
import { type Grants, tokenSchema } from './grants'
import { openedClip } from './opened-clip'

export const momentRulesSchema = z.object({
  lowConfidence: z.number().min(0).max(1).optional(),
  minimumSecs: z.number().min(0).max(3600).optional(),
  joinGapSecs: z.number().min(0).max(3600).optional(),
})

/** Clips whose rows stay in memory, for another jump list; some 30 MB an hour of video each. */
const KEPT_CLIPS = 2

type Answer<K extends keyof ViewerVerbs> = ViewerVerbs[K]['answer']

/** What the window asks of a clip's result files. */
export function resultsVerbs(grants: Grants): PortHandlers {
  const kept = new Map<string, ClipRows>()
  grants.onRevoke((token) => kept.delete(token))
  const read = async (token: string, signal: AbortSignal) => {
    const { resultsFolder, clipId } = grants.of(token)
    const results = await readClipResults(resultsFolder, clipId, { signal })
    kept.delete(token)
    kept.set(token, results.rows)
    for (const oldest of [...kept.keys()].slice(0, -KEPT_CLIPS)) kept.delete(oldest)
    return results
  }
  return {
    openClip: handler(
      z.object({ token: tokenSchema, momentRules: momentRulesSchema.optional() }),
      async ({ token, momentRules }, { signal }): Promise<Answer<'openClip'>> => {
        const startMs = performance.now()
        const opened = openedClip(await read(token, signal), momentRules)
        return { ...opened, readSecs: (performance.now() - startMs) / 1000 }
      },
    ),
    moments: handler(
      z.object({ token: tokenSchema, momentRules: momentRulesSchema }),
      async ({ token, momentRules }, { signal }): Promise<Answer<'moments'>> => {
        grants.of(token)
        return findMoments(kept.get(token) ?? (await read(token, signal)).rows, momentRules)
      },
    ),
    closeClip: handler(z.object({ token: tokenSchema }), ({ token }): Answer<'closeClip'> => {
      grants.of(token)
      kept.delete(token)
      return null
    }),
  }
}
