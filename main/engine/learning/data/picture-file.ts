import { extname } from 'node:path'

/** Endings of still pictures that can be read. */
const PICTURE_EXTENSIONS: ReadonlySet<string> = new Set([
  ...['.jpg', '.jpeg', '.png', '.bmp', '.webp', '.tif', '.tiff', '.pgm', '.ppm', '.pnm'],
])

export function isPicturePath(path: string): boolean {
  return PICTURE_EXTENSIONS.has(extname(path).toLowerCase())
}
