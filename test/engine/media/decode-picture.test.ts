import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { greyPng } from '../../../main/engine/learning/evaluation/grey-png'
import { PictureDecoder } from '../../../main/engine/media/decode-picture'
import { loadFfmpeg } from '../../../main/engine/media/node-av'
import { tempFolder } from '../../support/temp-folder'

let decoder: PictureDecoder
beforeAll(async () => {
  decoder = await PictureDecoder.open()
})
afterAll(() => decoder.free())

async function decode(contents: Buffer) {
  const path = join(await tempFolder(), 'picture')
  await writeFile(path, contents)
  return decoder.decode(path)
}

/** 32 x 16, black on the left and white on the right, as JPEG. */
async function halvesJpeg(): Promise<Buffer> {
  const { lib, constants } = await loadFfmpeg()
  const codec = lib.Codec.findEncoder(constants.AV_CODEC_ID_MJPEG)
  const encoder = new lib.CodecContext()
  encoder.allocContext3(codec)
  encoder.width = 32
  encoder.height = 16
  encoder.pixelFormat = constants.AV_PIX_FMT_YUVJ444P
  encoder.timeBase = new lib.Rational(1, 1)
  expect(encoder.open2Sync(codec)).toBeGreaterThanOrEqual(0)
  const planes = Buffer.alloc(3 * 32 * 16, 128)
  for (let i = 0; i < 32 * 16; i++) planes[i] = i % 32 < 16 ? 0 : 255
  const frame = lib.Frame.fromVideoBuffer(planes, {
    width: 32,
    height: 16,
    format: constants.AV_PIX_FMT_YUVJ444P,
    pts: 0n,
    timeBase: new lib.Rational(1, 1),
  })
  const packet = new lib.Packet()
  packet.alloc()
  expect(encoder.sendFrameSync(frame)).toBeGreaterThanOrEqual(0)
  expect(encoder.receivePacketSync(packet)).toBeGreaterThanOrEqual(0)
  const bytes = Buffer.from(packet.data!)
  packet.free()
  frame.free()
  encoder.freeContext()
  return bytes
}

/** The same with an EXIF block that states an orientation (6: turn a quarter to the right). */
function withOrientation(jpeg: Buffer, orientation: number): Buffer {
  const tiff = Buffer.from([
    ...[0x49, 0x49, 0x2a, 0, 8, 0, 0, 0],
    ...[1, 0],
    ...[0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0],
    ...[0, 0, 0, 0],
  ])
  const body = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff])
  const head = Buffer.from([0xff, 0xe1, 0, body.length + 2])
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)])
}

const ramp = Uint8Array.from({ length: 20 * 10 }, (_, i) => i)

describe('PictureDecoder', () => {
  it('gives PNG, PGM and BMP with every value kept, one after the other', async () => {
    const pgm = Buffer.concat([Buffer.from('P5\n20 10\n255\n'), ramp])
    for (let again = 0; again < 3; again++)
      for (const contents of [greyPng(ramp, 20, 10), pgm]) {
        const { widthPx, heightPx, rgb } = await decode(contents)
        expect([widthPx, heightPx]).toEqual([20, 10])
        expect(Array.from(rgb)).toEqual(Array.from({ length: 600 }, (_, i) => ramp[Math.floor(i / 3)]!))
      }
  })

  it('keeps the order of colours', async () => {
    const ppm = Buffer.concat([Buffer.from('P6\n2 1\n255\n'), Buffer.from([10, 20, 30, 200, 100, 50])])
    expect(Array.from((await decode(ppm)).rgb)).toEqual([10, 20, 30, 200, 100, 50])
  })

  it('decodes JPEG in full range, and turns it as EXIF says', async () => {
    const jpeg = await halvesJpeg()
    const plain = await decode(jpeg)
    expect([plain.widthPx, plain.heightPx]).toEqual([32, 16])
    expect(plain.rgb[0]).toBeLessThan(4)
    expect(plain.rgb[31 * 3]).toBeGreaterThan(251)
    const turned = await decode(withOrientation(jpeg, 6))
    // What was left is now on top.
    expect([turned.widthPx, turned.heightPx]).toEqual([16, 32])
    expect(turned.rgb[15 * 3]).toBeLessThan(4)
    expect(turned.rgb[31 * 16 * 3]).toBeGreaterThan(251)
    const upsideDown = await decode(withOrientation(jpeg, 3))
    expect(upsideDown.rgb[0]).toBeGreaterThan(251)
  })

  it.each([
    ['no bytes', Buffer.alloc(0), 'input.empty'],
    ['text', Buffer.from('hello'), 'media.not-media'],
    ['a playlist that names another file', Buffer.from('#EXTM3U\nfile:/etc/hosts\n'), 'media.not-media'],
    ['a PNG cut off', greyPng(ramp, 20, 10).subarray(0, 60), 'media.decode-failed'],
    ['a header alone', Buffer.from([0xff, 0xd8]), 'media.decode-failed'],
  ])('refuses %s and decodes the next', async (_, contents, code) => {
    await expect(decode(contents)).rejects.toMatchObject({ code })
    expect((await decode(greyPng(ramp, 20, 10))).rgb[3]).toBe(1)
  })

  it('refuses a JPEG cut off', async () => {
    const jpeg = await halvesJpeg()
    await expect(decode(jpeg.subarray(0, jpeg.length - 60))).rejects.toMatchObject({
      code: 'media.decode-failed',
    })
  })

  it('says when there is no file', async () => {
    await expect(decoder.decode(join(await tempFolder(), 'none.png'))).rejects.toMatchObject({
      code: 'input.not-found',
    })
  })
})
