import type { FaceSet } from './face-set'
import { FACE_VOTE_COUNT } from './face-set'
import { type FerPlusVotes, readFerPlus } from './fer-plus'
import { type Fer2013Rows, type ReadFer2013Options, readFer2013Csv } from './fer2013-csv'
import { dataError } from './problems'

/**
 * FER2013 with the votes of FER+, whose rows are aligned.
 * @param votesPath fer2013new.csv; null for FER2013 alone
 * @throws UnmaskError 'data.invalid' when a file is broken or the two do not fit together
 */
export async function readFer2013(
  imagesPath: string,
  votesPath: string | null,
  options: ReadFer2013Options = {},
): Promise<FaceSet> {
  const images = await readFer2013Csv(imagesPath, options)
  if (votesPath === null) return images.set
  const ferPlus = await readFerPlus(votesPath, options.signal)
  checkAlignment(images, ferPlus, imagesPath, votesPath)
  return {
    ...images.set,
    votes: rowsOf(ferPlus.votes, FACE_VOTE_COUNT, images.rows),
    refusals: rowsOf(ferPlus.refusals, 2, images.rows),
  }
}

function checkAlignment(
  { usages }: Fer2013Rows,
  ferPlus: FerPlusVotes,
  imagesPath: string,
  votesPath: string,
): void {
  if (usages.length !== ferPlus.count)
    throw dataError({
      path: votesPath,
      line: null,
      message: `${ferPlus.count} rows of votes for ${usages.length} pictures in ${imagesPath}; both files must be whole`,
    })
  const row = usages.findIndex((usage, index) => usage !== '' && usage !== ferPlus.usages[index])
  if (row !== -1)
    throw dataError({
      path: votesPath,
      line: row + 2,
      message: `Usage is ${ferPlus.usages[row]}, but ${usages[row]} in the same row of ${imagesPath}; the rows are not aligned`,
    })
}

function rowsOf(values: Float32Array, columns: number, rows: Int32Array): Float32Array {
  const result = new Float32Array(rows.length * columns)
  rows.forEach((row, item) => result.set(values.subarray(row * columns, (row + 1) * columns), item * columns))
  return result
}
