import type { AgreementMoment } from '../../../preload/contract/agreement'
import { intersect } from '../../engine/agreement/observed-part'
import { NO_LABEL } from '../../engine/agreement/types'
import { TOUCHING_SECS } from '../../engine/timeline/episodes'
import { raterKey } from '../../engine/study-data/raters'
import type { StudyClip, StudyTier } from '../../engine/study-data/types'

interface State {
  readonly label: string
  readonly startSecs: number
  endSecs: number
}

/** Every transition from one label to another of one rater: from the start of the state before to the end of the one after. */
export function transitionMoments(
  clips: readonly StudyClip[],
  { rater, from, to, gaps }: { rater: string; from: string; to: string; gaps: 'state' | 'joined' },
): AgreementMoment[] {
  const moments: AgreementMoment[] = []
  for (const clip of clips)
    for (const tier of clip.tiers) {
      if (tier.isPoints || raterKey(tier) !== rater) continue
      for (const states of statesOf(clip, tier, gaps))
        for (let at = 1; at < states.length; at++) {
          const [before, after] = [states[at - 1]!, states[at]!]
          if (before.label !== from || after.label !== to) continue
          const { startSecs } = before
          moments.push({ clipId: clip.clipId, subject: tier.subject, startSecs, endSecs: after.endSecs })
        }
    }
  return moments
}

/** States one after the other within each stretch that was observed without a break; see stateSequences. */
function statesOf(clip: StudyClip, tier: StudyTier, gaps: 'state' | 'joined'): State[][] {
  return clip.observed.map((window) => {
    const states: State[] = []
    const add = (label: string, startSecs: number, endSecs: number): void => {
      const last = states.at(-1)
      if (last?.label === label) last.endSecs = endSecs
      else states.push({ label, startSecs, endSecs })
    }
    let atSecs = window.startSecs
    for (const stretch of tier.stretches) {
      const [part] = intersect([stretch], [window])
      if (!part) continue
      if (gaps === 'state' && part.startSecs - atSecs > TOUCHING_SECS) add(NO_LABEL, atSecs, part.startSecs)
      add(stretch.label, part.startSecs, part.endSecs)
      atSecs = part.endSecs
    }
    if (gaps === 'state' && window.endSecs - atSecs > TOUCHING_SECS) add(NO_LABEL, atSecs, window.endSecs)
    return states
  })
}
