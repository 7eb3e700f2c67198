import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { alphaOfTiers } from '../../engine/agreement/alpha-of-tiers'
import { compareRatings } from '../../engine/agreement/compare-ratings'
import { compareTiers } from '../../engine/agreement/compare-tiers'
import type { PairAgreement } from '../../engine/agreement/types'
import { behaviourOf } from '../../engine/behaviour/behaviour'
import { UnmaskError } from '../../engine/errors'
import {
  AGREEMENT_FILES,
  BEHAVIOUR_FILES,
  DICTIONARY_FILE,
  writeAgreement,
  writeBehaviour,
} from '../../engine/export/study-files'
import {
  chooseRaters,
  comparedAll,
  comparedPairs,
  comparedRatings,
} from '../../engine/study-data/compare-sources'
import type { StudyData } from '../../engine/study-data/types'
import type { AgreementOrder, StatisticsOrder } from './study-orders'

interface Target {
  readonly folder: string
  readonly mayReplace: boolean
}

/**
 * The tables that `unmask agree PROJECT --tier-a … --tier-b … --out FOLDER` writes, byte for byte: every two of the raters,
 * alpha where there are more than two, and their ratings.
 * @returns names of the files @throws UnmaskError 'output.exists' | 'output.*'; 'usage.invalid' where no clip has two of them
 */
export async function exportAgreement(
  data: StudyData,
  order: AgreementOrder,
  target: Target,
): Promise<readonly string[]> {
  refuseToReplace(target, [...AGREEMENT_FILES.keys()])
  const { subject, stepSecs, toleranceSecs, unlabelled, weights } = order
  const isWanted = (clip: { readonly subject: string }): boolean =>
    subject === null || clip.subject === subject
  // As the command: labels have an order of their own only where a scale is asked for.
  const labelOrder = weights === null ? [] : data.labels
  const options = { stepSecs, toleranceSecs, unlabelled, weights, labelOrder }
  const source = { name: 'the project', clips: data.clips }
  const compared = chooseRaters(
    order.raters.map(() => source),
    order.raters,
  )
  const pairs: PairAgreement[] = []
  for (const [at, first] of compared.chosen.entries())
    for (const second of compared.chosen.slice(at + 1)) {
      const clips = comparedPairs(compared, first, second).pairs.filter(isWanted)
      if (clips.length > 0) pairs.push(compareTiers(clips, [first.title, second.title], options))
    }
  const titles = compared.chosen.map(({ title }) => title)
  const ratings = comparedRatings(compared).map(({ dimension, clips }) =>
    compareRatings(clips.filter(isWanted), titles, dimension),
  )
  if (pairs.length === 0 && ratings.length === 0)
    throw new UnmaskError('usage.invalid', 'there is no clip that two of these raters have coded')
  const rated = titles.length > 2 ? comparedAll(compared).filter(isWanted) : []
  const alphas =
    rated.length > 0 && pairs.length > 0 ? [alphaOfTiers(rated, titles, { stepSecs, unlabelled })] : []
  return writeAgreement(target.folder, { pairs, alphas, ratings })
}

/** The tables that `unmask stats PROJECT --out FOLDER` writes, byte for byte. */
export async function exportStatistics(
  data: StudyData,
  { by, variable, binSecs, baseline, raters }: StatisticsOrder,
  target: Target,
): Promise<readonly string[]> {
  refuseToReplace(target, [...BEHAVIOUR_FILES.keys()])
  const result = behaviourOf(data, {
    binSecs,
    groupBy: by === 'group' ? variable : null,
    baseline,
    raters,
  })
  return writeBehaviour(target.folder, result)
}

function refuseToReplace({ folder, mayReplace }: Target, names: readonly string[]): void {
  if (mayReplace) return
  const there = [...names, DICTIONARY_FILE].filter((name) => existsSync(join(folder, name)))
  if (there.length > 0)
    throw new UnmaskError('output.exists', `there are tables already (${there.join(', ')}): ${folder}`)
}
