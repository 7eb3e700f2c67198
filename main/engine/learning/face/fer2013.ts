import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { EMOTIONS, EMOTION_COUNT } from '../../emotions'
import { UnmaskError } from '../../errors'

export const FER2013_SIDE_PX = 48
const FER2013_PIXELS = FER2013_SIDE_PX * FER2013_SIDE_PX

/** FER2013's codes 0 to 6 (angry, disgust, fear, happy, sad, surprise, neutral) as canonical emotions. */
const FER2013_EMOTIONS = ['anger', 'disgust', 'fear', 'happiness', 'sadness', 'surprise', 'neutral'] as const

export interface FerSplit {
  readonly count: number
  /** Grey 0..255, shape [count, 48, 48]. */
  readonly pixels: Uint8Array
  /** FER2013's own label as canonical index, shape [count]. */
  readonly labels: Int32Array
  /** FER+ votes in canonical order, shape [count, 7]; a row may be all zero. */
  readonly votes: Float32Array
}

/**
 * Reads one part of FER2013 with its FER+ votes from fer2013.csv.gz and fer2013new.csv, whose rows are aligned.
 * @throws UnmaskError 'data.invalid' when the two files do not fit together
 */
export async function readFer2013(folder: string, usage: 'Training' | 'PublicTest'): Promise<FerSplit> {
  const imagesPath = join(folder, 'fer2013.csv.gz')
  const images = gunzipSync(await readFile(imagesPath))
    .toString('latin1')
    .trimEnd()
    .split('\n')
    .slice(1)
  const votesText = await readFile(join(folder, 'fer2013new.csv'), 'utf8')
  const voteRows = votesText.trimEnd().split(/\r?\n/)
  const header = (voteRows.shift() ?? '').split(',')
  if (images.length !== voteRows.length)
    throw new UnmaskError(
      'data.invalid',
      `${images.length} images but ${voteRows.length} rows of votes; both files must come from one release: ${imagesPath}`,
    )
  // FER+ names its columns as this program does; contempt, unknown and NF (no face) are left out.
  const columns = EMOTIONS.map((emotion) => header.indexOf(emotion))
  const rows = images.map((_, row) => row).filter((row) => images[row]?.trimEnd().endsWith(usage))
  const split: FerSplit = {
    count: rows.length,
    pixels: new Uint8Array(rows.length * FER2013_PIXELS),
    labels: new Int32Array(rows.length),
    votes: new Float32Array(rows.length * EMOTION_COUNT),
  }
  rows.forEach((row, item) => {
    const [code = '', pixels = ''] = (images[row] ?? '').split(',')
    const emotion = FER2013_EMOTIONS[Number(code)]
    const values = pixels.replaceAll('"', '').split(' ').map(Number)
    if (!emotion || values.length !== FER2013_PIXELS)
      throw new UnmaskError(
        'data.invalid',
        `row ${row + 2} is not an emotion code and 2304 pixels: ${imagesPath}`,
      )
    split.pixels.set(values, item * FER2013_PIXELS)
    split.labels[item] = EMOTIONS.indexOf(emotion)
    const cells = (voteRows[row] ?? '').split(',')
    columns.forEach(
      (column, index) => (split.votes[item * EMOTION_COUNT + index] = Number(cells[column] ?? 0)),
    )
  })
  return split
}

/** The emotion with most FER+ votes, or -1 where none of the seven has a lead (no votes, or a tie). */
export function ferPlusMajority(split: FerSplit, item: number): number {
  const votes = split.votes.subarray(item * EMOTION_COUNT, (item + 1) * EMOTION_COUNT)
  const top = Math.max(...votes)
  if (top === 0 || votes.indexOf(top) !== votes.lastIndexOf(top)) return -1
  return votes.indexOf(top)
}
