import { EMOTION_COUNT } from '../../emotions'
import { FACE_VOTE_COUNT } from './face-set'

/** One vote of ten is as likely a slip as an opinion. */
const FEWEST_VOTES = 2

/**
 * Votes as training targets: classes with a single vote are dropped and the rest made to sum to 1.
 * @param votes shape [count, 8]
 * @returns shape [count, 8]; a row of zeros where no class has two votes, to be masked
 */
export function votesToShares(votes: Float32Array): Float32Array {
  const shares = new Float32Array(votes.length)
  for (let start = 0; start < votes.length; start += FACE_VOTE_COUNT) {
    let sum = 0
    for (let i = start; i < start + FACE_VOTE_COUNT; i++) if (votes[i]! >= FEWEST_VOTES) sum += votes[i]!
    if (sum === 0) continue
    for (let i = start; i < start + FACE_VOTE_COUNT; i++)
      if (votes[i]! >= FEWEST_VOTES) shares[i] = votes[i]! / sum
  }
  return shares
}

/**
 * The class with most votes among the first `classes` (7: the canonical emotions; 8: contempt too).
 * @param votes shape [count, 8]
 * @returns shape [count]; -1 where no class leads: no votes, or a tie
 */
export function leadingVotes(votes: Float32Array, classes: number = EMOTION_COUNT): Int32Array {
  return Int32Array.from({ length: votes.length / FACE_VOTE_COUNT }, (_, item) => {
    const row = votes.subarray(item * FACE_VOTE_COUNT, item * FACE_VOTE_COUNT + classes)
    const most = Math.max(...row)
    return most === 0 || row.indexOf(most) !== row.lastIndexOf(most) ? -1 : row.indexOf(most)
  })
}
