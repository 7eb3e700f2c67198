import { onScopeDispose, type ShallowRef, shallowRef, watch } from 'vue'
import type { LandmarkRows } from '../../../../preload/contract/viewer-port'
import { toFault } from '../../../bridge/bridge'
import { viewerLink } from '../../../stores/viewer-link'

const BLOCK_ROWS = 512
const BLOCKS_KEPT = 8
const NUMBERS_A_ROW = 136

/**
 * Landmarks of the rows around the playhead, fetched in blocks when first needed.
 * @param token null: none are wanted, because the clip has none or they are not shown
 * @param onArrival a block has come that was asked for
 */
export function useLandmarks(
  token: Readonly<ShallowRef<string | null>>,
  onArrival: () => void,
): {
  /** Shape [68, 2]; null: not there, or not yet. */
  readonly landmarksOf: (row: number) => Float32Array | null
  /** Why they could not be read. */
  readonly failure: Readonly<ShallowRef<string | null>>
} {
  const blocks = new Map<number, LandmarkRows | null>()
  const failure = shallowRef<string | null>(null)
  let visit = 0

  watch(token, forget, { flush: 'sync' })
  onScopeDispose(forget)

  function forget(): void {
    visit++
    blocks.clear()
    failure.value = null
  }

  async function fetchBlock(block: number, clip: string): Promise<void> {
    const mine = visit
    blocks.set(block, null)
    try {
      const rows = await viewerLink().request('landmarks', {
        token: clip,
        firstRow: block * BLOCK_ROWS,
        endRow: (block + 1) * BLOCK_ROWS,
      })
      if (mine !== visit) return
      blocks.set(block, rows)
      for (const oldest of [...blocks.keys()].slice(0, -BLOCKS_KEPT)) blocks.delete(oldest)
      if (rows) onArrival()
    } catch (error) {
      if (mine === visit) failure.value = toFault(error).message
    }
  }

  function landmarksOf(row: number): Float32Array | null {
    const clip = token.value
    if (clip === null) return null
    const block = Math.floor(row / BLOCK_ROWS)
    if (!blocks.has(block)) void fetchBlock(block, clip)
    const rows = blocks.get(block)
    if (!rows) return null
    const from = (row - rows.firstRow) * NUMBERS_A_ROW
    const points = rows.points.subarray(from, from + NUMBERS_A_ROW)
    return points.length === NUMBERS_A_ROW && points.some((value) => !Number.isNaN(value)) ? points : null
  }

  return { landmarksOf, failure }
}
