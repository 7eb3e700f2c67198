/** Room of the two sides of a splitter and what each needs at least, all in CSS pixels. */
export interface SplitRoom {
  readonly wholePx: number
  readonly firstMinPx: number
  readonly secondMinPx: number
}

/** The first side's length for its share of the room; where both minima do not fit, the room is cut in their proportion. */
export function firstLengthPx(share: number, { wholePx, firstMinPx, secondMinPx }: SplitRoom): number {
  if (wholePx <= 0) return 0
  if (firstMinPx + secondMinPx >= wholePx) return (wholePx * firstMinPx) / (firstMinPx + secondMinPx)
  return Math.max(firstMinPx, Math.min(share * wholePx, wholePx - secondMinPx))
}

/** The share that a pointer or key asks for, kept within what the minima allow. */
export function shareOfLength(lengthPx: number, room: SplitRoom): number {
  if (room.wholePx <= 0) return 0.5
  return firstLengthPx(lengthPx / room.wholePx, room) / room.wholePx
}
