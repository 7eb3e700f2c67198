/** Where a typed text leads: to an instant of the clip, or to a frame counted from 0 as in frames.csv. */
export type JumpTarget =
  { readonly kind: 'time'; readonly secs: number } | { readonly kind: 'frame'; readonly frame: number }

const FRAME = /^#\s*(\d+)$/
const CLOCK = /^(?:(?:(\d+):)?(\d{1,3}):)?(\d+(?:[.,]\d*)?|[.,]\d+)\s*s?$/

/**
 * Reads `12.5`, `12,5 s`, `1:02.480`, `1:00:02` and `#123`. Null: none of these. Seconds after a colon stay below 60, and
 * so do minutes after an hour.
 */
export function parseJump(text: string): JumpTarget | null {
  const typed = text.trim()
  const frame = FRAME.exec(typed)
  if (frame) {
    const number = Number(frame[1])
    return Number.isSafeInteger(number) ? { kind: 'frame', frame: number } : null
  }
  const clock = CLOCK.exec(typed)
  if (!clock) return null
  const [, hours, minutes, rest = ''] = clock
  const secs = Number(rest.replace(',', '.'))
  if (minutes !== undefined && secs >= 60) return null
  if (hours !== undefined && Number(minutes) >= 60) return null
  const allSecs = Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + secs
  return Number.isFinite(allSecs) ? { kind: 'time', secs: allSecs } : null
}
