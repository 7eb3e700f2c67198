// @ts-check
// Windows and macOS icon files around PNG pictures.

/** @typedef {{ sizePx: number, png: Buffer }} Picture */

const ICO_HEADER_BYTES = 6
const ICO_ENTRY_BYTES = 16

/**
 * An .ico with PNG pictures, as Windows Vista and later read it.
 * @param {readonly Picture[]} pictures up to 256 px
 * @returns {Buffer}
 */
export function icoOf(pictures) {
  const header = Buffer.alloc(ICO_HEADER_BYTES + ICO_ENTRY_BYTES * pictures.length)
  header.writeUInt16LE(1, 2)
  header.writeUInt16LE(pictures.length, 4)
  let offset = header.length
  pictures.forEach(({ sizePx, png }, index) => {
    const at = ICO_HEADER_BYTES + ICO_ENTRY_BYTES * index
    // 256 is written as 0: there is one byte for it.
    header.writeUInt8(sizePx % 256, at)
    header.writeUInt8(sizePx % 256, at + 1)
    header.writeUInt16LE(1, at + 4)
    header.writeUInt16LE(32, at + 6)
    header.writeUInt32LE(png.length, at + 8)
    header.writeUInt32LE(offset, at + 12)
    offset += png.length
  })
  return Buffer.concat([header, ...pictures.map(({ png }) => png)])
}

/** Which picture stands under which name in an .icns; the names with a second size are for displays with double density. */
const ICNS_TYPES = /** @type {const} */ ([
  ['icp4', 16],
  ['icp5', 32],
  ['ic07', 128],
  ['ic08', 256],
  ['ic09', 512],
  ['ic10', 1024],
  ['ic11', 32],
  ['ic12', 64],
  ['ic13', 256],
  ['ic14', 512],
])

/**
 * @param {readonly Picture[]} pictures
 * @returns {Buffer}
 * @throws {Error} when a size that macOS asks for is missing
 */
export function icnsOf(pictures) {
  const chunks = ICNS_TYPES.map(([type, sizePx]) => {
    const picture = pictures.find((candidate) => candidate.sizePx === sizePx)
    if (!picture) throw new Error(`an .icns needs a picture of ${sizePx} px`)
    return chunk(type, picture.png)
  })
  return chunk('icns', Buffer.concat(chunks))
}

/**
 * @param {string} type
 * @param {Buffer} content
 */
function chunk(type, content) {
  const header = Buffer.alloc(8)
  header.write(type, 'latin1')
  header.writeUInt32BE(content.length + header.length, 4)
  return Buffer.concat([header, content])
}
