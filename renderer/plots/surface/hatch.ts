import type { Hatch } from './surface'

/** Line from x1, y1 to x2, y2 in a tile of `size` px; dots are lines of next to no length with round ends. */
export type HatchLine = readonly [x1: number, y1: number, x2: number, y2: number]

/** The lines of one tile, drawn beyond its edges so that tiles join without a seam. */
export function hatchLines({ kind, spacingPx: size }: Pick<Hatch, 'kind' | 'spacingPx'>): HatchLine[] {
  const half = size / 2
  const falling: HatchLine[] = [
    [-1, -1, size + 1, size + 1],
    [-1, size - 1, 1, size + 1],
    [size - 1, -1, size + 1, 1],
  ]
  const rising: HatchLine[] = [
    [-1, size + 1, size + 1, -1],
    [-1, 1, 1, -1],
    [size - 1, size + 1, size + 1, size - 1],
  ]
  switch (kind) {
    case 'diagonal':
      return rising
    case 'back-diagonal':
      return falling
    case 'cross':
      return [...rising, ...falling]
    case 'horizontal':
      return [[-1, half, size + 1, half]]
    case 'vertical':
      return [[half, -1, half, size + 1]]
    case 'dots':
      // A canvas draws nothing for a line without length.
      return [[half - 0.01, half, half + 0.01, half]]
  }
}

/** Width of a hatch's lines; dots are wider to be seen. */
export function hatchLineWidthPx({ kind }: Pick<Hatch, 'kind'>): number {
  return kind === 'dots' ? 1.8 : 1.1
}
