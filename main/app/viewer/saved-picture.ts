import { UnmaskError } from '../../engine/errors'

/** A plot of a 4K window is some 2 MB; nothing of ours comes near. */
const PICTURE_BYTES_MAX = 64 * 1024 * 1024

const PNG_START = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
/** What a drawing may hold and a plot never does: a file that is opened elsewhere must not run anything. */
const ACTIVE = /<\s*(script|foreignObject|iframe|object|embed)\b|\son[a-z]+\s*=|javascript\s*:|<!ENTITY/i

/** @throws UnmaskError 'usage.invalid' where it is no PNG, or too large */
export function requirePng(bytes: Uint8Array): void {
  requireSize(bytes.byteLength)
  if (PNG_START.some((byte, index) => bytes[index] !== byte))
    throw new UnmaskError('usage.invalid', 'savePicture: bytes are not those of a PNG')
}

/** @throws UnmaskError 'usage.invalid' where it is no SVG, holds what could run, or is too large */
export function requireSvg(text: string): void {
  requireSize(text.length)
  if (!/^(<\?xml[^>]*\?>\s*)?<svg[\s>]/.test(text) || !/<\/svg>\s*$/.test(text))
    throw new UnmaskError('usage.invalid', 'savePicture: text is not an SVG drawing')
  const found = ACTIVE.exec(text)
  if (found)
    throw new UnmaskError(
      'usage.invalid',
      `savePicture: text holds ${JSON.stringify(found[0].trim())}, which no plot has`,
    )
}

function requireSize(size: number): void {
  if (size > PICTURE_BYTES_MAX)
    throw new UnmaskError(
      'usage.invalid',
      `savePicture: ${Math.round(size / 1024 / 1024)} MB is more than ${PICTURE_BYTES_MAX / 1024 / 1024} MB; draw it smaller`,
    )
}

/** Of file names, on one system or another. */
const FORBIDDEN = '<>:"/\\|?*'
const NAME_CHARS_MAX = 120

/**
 * A proposal of the window as a file name that every system takes.
 * @param ending with its point
 */
export function pictureFileName(name: string, ending: '.png' | '.svg'): string {
  const plain = [...name.replace(/\.(png|svg)$/i, '')]
    .map((char) => (char < ' ' || char === '\u007f' || FORBIDDEN.includes(char) ? '-' : char))
    .join('')
    .replace(/-{2,}/g, '-')
    .replace(/^[.\s-]+|[.\s-]+$/g, '')
    .slice(0, NAME_CHARS_MAX)
  return `${plain === '' ? 'plot' : plain}${ending}`
}
