import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openedClip } from '../../main/host/viewer/opened-clip'
import { readClipResults } from '../../main/engine/results/clip-results'
import { decodeAudio } from '../../main/engine/media/decode-audio'
import { probe } from '../../main/engine/media/probe'
import { SignalCollector } from '../../main/engine/signals/collect-signals'
import { SIGNAL_RATE_HZ } from '../../main/engine/signals/sound-signals'
import { writeLongResults } from '../support/long-results'

export interface ResultsBench {
  readonly rows: number
  readonly megabytes: number
  /** The first clip that a process opens, and those after it: median. */
  readonly firstSecs: number
  readonly againSecs: number
  /** Reading the same bytes and nothing else, median. */
  readonly bytesSecs: number
}

const ROUNDS = 7

/** From the result files of an hour at 30 frames a second to everything that the window shows of them. */
export async function benchResults(durationSecs: number): Promise<ResultsBench> {
  const folder = await mkdtemp(join(tmpdir(), 'unmask-bench-results-'))
  try {
    const { clipId, files } = await writeLongResults(folder, { durationSecs })
    const open = async () => openedClip(await readClipResults(folder, clipId), undefined)
    let bytes = 0
    const readBytes = async () => {
      bytes = 0
      for (const name of files) bytes += (await readFile(join(folder, name))).length
    }
    // Once for the disk, which is not what is measured.
    await readBytes()
    const startMs = performance.now()
    const { rows } = await open()
    const firstSecs = (performance.now() - startMs) / 1000
    const again: number[] = []
    const plain: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      again.push(await secsOf(open))
      plain.push(await secsOf(readBytes))
    }
    return {
      rows: rows.count,
      megabytes: bytes / 1e6,
      firstSecs,
      againSecs: median(again),
      bytesSecs: median(plain),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export interface SoundBench {
  /** Seconds of sound read, turned into waveform, spectrogram and features, a second of work. */
  readonly timesRealTime: number
  /** Decoding the same sound and nothing else. */
  readonly decodingTimesRealTime: number
  /** Milliseconds to read 2,000 columns of all three at any zoom, the slowest of some. */
  readonly slowestReadMs: number
}

/** The sound of a clip as pictures, beside decoding alone. */
export async function benchSound(clip: string): Promise<SoundBench> {
  const media = await probe(clip)
  const decodingSecs = await secsOf(async () => {
    for await (const block of decodeAudio(media, { sampleRateHz: SIGNAL_RATE_HZ })) void block
  })
  const collector = new SignalCollector()
  const readSecs = await secsOf(() => collector.collect(decodeAudio(media, { sampleRateHz: SIGNAL_RATE_HZ })))
  const { soundStartSecs, soundEndSecs } = collector.signals.bounds
  const lengthSecs = soundEndSecs - soundStartSecs
  let slowestReadMs = 0
  for (let widthSecs = lengthSecs; widthSecs > 0.05; widthSecs /= 3) {
    const range = { fromSecs: soundStartSecs, toSecs: soundStartSecs + widthSecs, maxColumns: 2000 }
    const { signals } = collector
    const secs = await secsOf(() =>
      Promise.all([signals.waveform(range), signals.logMel(range), signals.mfcc(range)]),
    )
    slowestReadMs = Math.max(slowestReadMs, 1000 * secs)
  }
  return {
    timesRealTime: lengthSecs / readSecs,
    decodingTimesRealTime: lengthSecs / decodingSecs,
    slowestReadMs,
  }
}

async function secsOf(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now()
  await work()
  return (performance.now() - startMs) / 1000
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
