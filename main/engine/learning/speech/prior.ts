import type { SpeechConfig } from './config'
import { classWeightsOf } from './recipe'

/** What a label without clips counts as: a prior of zero would make its evidence infinite. */
const LEAST_CLIPS = 0.5

/** The class prior that training leaves: shares of the clips times their loss weights; shape [labels], sums to 1. */
export function effectivePrior(
  config: SpeechConfig,
  labels: readonly string[],
  clips: readonly { readonly label: number }[],
): number[] {
  const weighted = classWeightsOf(config, labels).map(
    (weight, label) => weight * Math.max(LEAST_CLIPS, clips.filter((clip) => clip.label === label).length),
  )
  const total = weighted.reduce((sum, value) => sum + value, 0)
  return weighted.map((value) => Number((value / total).toFixed(6)))
}
