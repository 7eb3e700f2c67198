import { join } from 'node:path'
import { z } from 'zod'
import type { LandmarkRows } from '../../../preload/contract/viewer-port'
import { throwIfAborted, UnmaskError } from '../../engine/errors'
import { clipFileName } from '../../engine/export/write-clip'
import { readClipFacts } from '../../engine/results/clip-results'
import {
  LANDMARK_NUMBERS,
  landmarkStepSecs,
  LandmarkLookup,
  readLandmarks,
} from '../../engine/results/landmark-rows'
import { handler, type PortHandlers } from '../port-server'
import { type ClipGrant, type Grants, tokenSchema } from './grants'
import type { KeptRows } from './kept-rows'

/** Rows answered at a time: some 2 MB. */
const ROWS_MAX = 4096

/** Landmarks of rows of the frames table. */
export function landmarkVerbs(grants: Grants, kept: KeptRows): PortHandlers {
  const lookups = new Map<string, Promise<LandmarkLookup | null>>()
  grants.onClose((token) => lookups.delete(token))
  kept.onOpen((token) => lookups.delete(token))
  const lookupOf = (token: string): Promise<LandmarkLookup | null> => {
    const known = lookups.get(token)
    if (known) return known
    // Of one clip at a time: landmarks are the largest part of its results.
    lookups.clear()
    const opened = openLookup(grants.of(token))
    lookups.set(token, opened)
    // The next request tries again: the file may have been mended.
    opened.catch(() => lookups.delete(token))
    return opened
  }
  return {
    landmarks: handler(
      z.object({
        token: tokenSchema,
        firstRow: z.number().int().min(0),
        endRow: z.number().int().min(0),
      }),
      async ({ token, firstRow, endRow }, { signal }): Promise<LandmarkRows | null> => {
        if (endRow - firstRow > ROWS_MAX || endRow < firstRow)
          throw new UnmaskError(
            'usage.invalid',
            `rows ${firstRow} to ${endRow}: at most ${ROWS_MAX} at a time, ascending`,
          )
        grants.of(token)
        const lookup = await lookupOf(token)
        throwIfAborted(signal)
        if (!lookup) return null
        const rows = await kept.rows(token)
        const end = Math.min(endRow, rows.count)
        const first = Math.min(firstRow, end)
        const points = new Float32Array((end - first) * LANDMARK_NUMBERS).fill(Number.NaN)
        for (let row = first; row < end; row++)
          lookup.write(
            rows.timeSecs[row] ?? 0,
            rows.faceId[row] ?? -1,
            points,
            (row - first) * LANDMARK_NUMBERS,
          )
        return { firstRow: first, points }
      },
    ),
  }
}

async function openLookup({ resultsFolder, clipId }: ClipGrant): Promise<LandmarkLookup | null> {
  const meta = await readClipFacts(resultsFolder, clipId)
  const name = clipFileName(clipId, 'landmarks.csv')
  if (!meta.files.includes(name)) return null
  return new LandmarkLookup(await readLandmarks(join(resultsFolder, name)), landmarkStepSecs(meta))
}
