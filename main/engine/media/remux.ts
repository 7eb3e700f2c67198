import { resolve } from 'node:path'
import type { FormatContext, Packet } from 'node-av/lib'
import { UnmaskError } from '../errors'
import { type Ffmpeg, ffmpegMessage, loadFfmpeg } from './node-av'

/**
 * Copies the streams of a file into a new one without decoding. A browser's recording has neither a length nor an index;
 * the copy has both, so that it can be sought in.
 * @param target its ending names the container
 * @throws UnmaskError 'media.decode-failed' naming the file and FFmpeg's reason
 */
export async function remux(source: string, target: string): Promise<void> {
  const ffmpeg = await loadFfmpeg()
  const { lib } = ffmpeg
  const check = (code: number, what: string): void => {
    if (code < 0)
      throw new UnmaskError(
        'media.decode-failed',
        `${what} failed (${ffmpegMessage(ffmpeg, code)}); the recording as it came is kept: ${source}`,
      )
  }
  const input = new lib.FormatContext()
  check(await input.openInput(`file:${resolve(source)}`, null, null), 'opening the recording')
  const output = new lib.FormatContext()
  try {
    check(await input.findStreamInfo(), 'reading the recording')
    check(output.allocOutputContext2(null, null, resolve(target)), 'choosing a container')
    for (const stream of input.streams) {
      const copy = output.newStream(null)
      stream.codecpar.copy(copy.codecpar)
      copy.codecpar.codecTag = 0
      copy.timeBase = stream.timeBase
    }
    check(await output.openOutput(), 'opening the copy')
    try {
      check(await output.writeHeader(), 'beginning the copy')
      await copyPackets(ffmpeg, input, output, check)
      check(await output.writeTrailer(), 'ending the copy')
    } finally {
      await output.closeOutput()
    }
  } finally {
    output.freeContext()
    await input.closeInput()
  }
}

async function copyPackets(
  { lib }: Ffmpeg,
  input: FormatContext,
  output: FormatContext,
  check: (code: number, what: string) => void,
): Promise<void> {
  const packet: Packet = new lib.Packet()
  packet.alloc()
  try {
    while ((await input.readFrame(packet)) >= 0) {
      const from = input.streams[packet.streamIndex]
      const to = output.streams[packet.streamIndex]
      if (from && to) {
        packet.rescaleTs(from.timeBase, to.timeBase)
        check(await output.interleavedWriteFrame(packet), 'copying')
      }
      packet.unref()
    }
  } finally {
    packet.free()
  }
}
