import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { deflateSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { probe } from '../../../main/engine/media/probe'
import { makeClip } from '../../support/media-fixtures'
import { tempFolder } from '../../support/temp-folder'

describe('probe', () => {
  it('tells what a file holds', async () => {
    const path = join(await tempFolder(), 'clip.mp4')
    await makeClip({
      path,
      video: { frames: 50, fps: 30 },
      audio: { kind: 'tone', durationSecs: 2, sampleRateHz: 44100, channels: 2, offsetSecs: -0.3 },
    })
    const info = await probe(path)
    expect(info).toMatchObject({
      path,
      sizeBytes: (await readFile(path)).length,
      container: 'mov,mp4,m4a,3gp,3g2,mj2',
      video: {
        codec: 'h264',
        pixelFormat: 'yuv420p',
        bitDepth: 8,
        widthPx: 160,
        heightPx: 128,
        rotationDegrees: 0,
        nominalFps: 30,
        isVariableRate: false,
      },
      audio: { codec: 'aac', sampleRateHz: 44100, channels: 2 },
    })
    expect(info.video?.measuredFps).toBeCloseTo(30, 6)
    expect(info.durationSecs).toBeCloseTo(2, 1)
    expect(info.zeroSecs).toBeCloseTo(0.3, 3)
    expect(info).toEqual(JSON.parse(JSON.stringify(info)))
  })

  it('takes the first sample for zero where there is only sound', async () => {
    const path = join(await tempFolder(), 'sound.mp3')
    await makeClip({ path, audio: { kind: 'tone' } })
    const info = await probe(path)
    expect(info.video).toBeNull()
    expect(info.zeroSecs).toBe(((info.audio?.startTicks ?? NaN) * 1) / (info.audio?.timeBase.den ?? NaN))
  })

  it('does not take a cover picture for video', async () => {
    const path = join(await tempFolder(), 'song.mp3')
    await makeClip({ path, audio: { kind: 'tone' } })
    await writeFile(path, Buffer.concat([coverTag(), await readFile(path)]))
    const info = await probe(path)
    expect(info.video).toBeNull()
    expect(info.audio?.codec).toBe('mp3')
  })

  it('opens names that look like addresses, options or patterns, and names beyond ASCII', async () => {
    const folder = await tempFolder()
    for (const name of [
      'http:x.mp4',
      'concat:a|b.mp4',
      'img%03d.mp4',
      '-i.mp4',
      'ñandú 日本 (1).mp4',
      "it's #1.mp4",
    ]) {
      const path = join(folder, name)
      await makeClip({ path: join(folder, 'plain.mp4'), video: { frames: 2 } })
      await writeFile(path, await readFile(join(folder, 'plain.mp4')))
      expect((await probe(path)).video?.codec).toBe('h264')
    }
  })

  it('says what is wrong with what is no recording', async () => {
    const folder = await tempFolder()
    const write = async (name: string, content: string | Buffer): Promise<string> => {
      await writeFile(join(folder, name), content)
      return join(folder, name)
    }
    const expectFault = async (path: string, code: string): Promise<void> => {
      await expect(probe(path), path).rejects.toMatchObject({ code, message: expect.stringContaining(path) })
    }
    await mkdir(join(folder, 'folder.mp4'))
    await expectFault(join(folder, 'missing.mp4'), 'input.not-found')
    await expectFault(join(folder, 'folder.mp4'), 'input.unreadable')
    await expectFault(await write('empty.mp4', ''), 'input.empty')
    await expectFault(await write('text.mp4', 'this is not a recording\n'), 'media.not-media')
    await expectFault(await write('long-text.wav', 'words and more words\n'.repeat(20000)), 'media.not-media')
    await expectFault(
      await write('titles.srt', '1\n00:00:01,000 --> 00:00:02,000\nHello\n'),
      'media.not-media',
    )
    await expectFault(await write('table.csv', 'a,b\n1,2\n'), 'media.not-media')
    await expectFault(await write('picture.png', png()), 'media.not-media')
    await expectFault(await write('one-byte.mkv', 'x'), 'media.not-media')
  })

  it.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'says that a file may not be read (not tried by root, who may read all, nor on Windows)',
    async () => {
      const path = join(await tempFolder(), 'locked.mp4')
      await writeFile(path, 'x')
      await chmod(path, 0)
      await expect(probe(path)).rejects.toMatchObject({ code: 'input.unreadable' })
    },
  )

  it('follows no file to another file or address', async () => {
    const folder = await tempFolder()
    const clip = join(folder, 'clip.mp4')
    await makeClip({ path: clip, video: { frames: 5 } })
    let requests = 0
    const server = createServer((_request, response) => {
      requests += 1
      response.end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const segments = [clip, pathToFileURL(clip).href, `http://127.0.0.1:${port}/clip.ts`]
    const dash = (address: string): string =>
      `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT1S"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1"><BaseURL>${address}</BaseURL></Representation></AdaptationSet></Period></MPD>`
    const hostile = segments.flatMap((address, place) => [
      [`list${place}.m3u8`, `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${address}\n#EXT-X-ENDLIST\n`],
      [`list${place}.mp4`, `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${address}\n#EXT-X-ENDLIST\n`],
      [`list${place}.ffconcat`, `ffconcat version 1.0\nfile '${address}'\n`],
      [`joined${place}.avi`, `ffconcat version 1.0\nfile '${address}'\n`],
      [`dash${place}.mpd`, dash(address)],
      [`link${place}.asx`, `<asx version="3.0"><entry><ref href="${address}"/></entry></asx>`],
      [`smil${place}.ram`, `${address}\n`],
    ])
    hostile.push([
      'call.sdp',
      'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 9 RTP/AVP 96\n',
    ])
    hostile.push(['rtsp.mp4', `RTSPtextrtsp://127.0.0.1:${port}/x\n`])
    for (const [name = '', content = ''] of hostile) {
      const path = join(folder, name)
      await writeFile(path, content)
      await expect(probe(path), name).rejects.toMatchObject({ code: 'media.not-media' })
    }
    expect(requests).toBe(0)
  })

  it('stops when told to', async () => {
    const path = join(await tempFolder(), 'clip.mp4')
    await makeClip({ path, video: { frames: 5 } })
    await expect(probe(path, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' })
  })
})

/** A grey PNG of 8 x 8 pixels. */
function png(): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const framed = Buffer.alloc(body.length + 8)
    framed.writeUInt32BE(data.length, 0)
    body.copy(framed, 4)
    framed.writeUInt32BE(crc32(body), body.length + 4)
    return framed
  }
  const header = Buffer.from([0, 0, 0, 8, 0, 0, 0, 8, 8, 0, 0, 0, 0])
  const rows = deflateSync(Buffer.alloc(8 * 9, 0x60))
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}

/** An ID3v2.3 tag with one picture: the front cover. */
function coverTag(): Buffer {
  const picture = Buffer.concat([Buffer.from('\0image/png\0\x03\0', 'latin1'), png()])
  const frame = Buffer.alloc(10)
  frame.write('APIC', 'latin1')
  frame.writeUInt32BE(picture.length, 4)
  const size = picture.length + 10
  const synchsafe = [21, 14, 7, 0].map((shift) => (size >> shift) & 0x7f)
  return Buffer.concat([Buffer.from('ID3\x03\0\0', 'latin1'), Buffer.from(synchsafe), frame, picture])
}
