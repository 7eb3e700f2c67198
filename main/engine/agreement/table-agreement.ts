import { type Estimate, undefinedBecause, undefinedEstimate } from './figure'
import { gwetAc1 } from './gwet'
import {
  cohenKappa,
  creditedKappa,
  creditOf,
  expectedAgreement,
  observedAgreement,
  type Proportions,
  proportionsOf,
} from './kappa'
import { orderLabels } from './label-order'
import { nominalAlpha } from './krippendorff'
import { type AgreementOptions, type ConfusionTable, NO_LABEL, type TableAgreement } from './types'

type TableOptions = Pick<AgreementOptions, 'weights' | 'labelOrder'>

/** Every coefficient of one table. @param whyEmpty said of all of them where nothing can be compared */
export function tableAgreement(
  table: ConfusionTable,
  basis: TableAgreement['basis'],
  options: TableOptions,
  whyEmpty: string | null = null,
): TableAgreement {
  const isCounted = basis === 'units'
  const cells = isCounted ? table.units : table.seconds
  const shares = proportionsOf(cells)
  if (whyEmpty !== null && shares.total === 0) return emptyAgreement(basis, options, whyEmpty)
  return {
    basis,
    total: shares.total,
    observedAgreement: observedAgreement(shares),
    expectedAgreement: expectedAgreement(shares),
    kappa: cohenKappa(shares, isCounted),
    weightedKappa: options.weights === null ? null : weightedKappa(shares, table.labels, options, isCounted),
    ac1: gwetAc1(shares, isCounted),
    alpha: nominalAlpha(
      cells.flatMap((row, i) =>
        row.map((weight, j) => ({ values: [table.labels[i] ?? '', table.labels[j] ?? ''], weight })),
      ),
      isCounted,
    ),
  }
}

function weightedKappa(
  shares: Proportions,
  used: readonly string[],
  { weights, labelOrder }: TableOptions,
  isCounted: boolean,
): Estimate {
  if (weights === null) return undefinedEstimate('no weights were asked for')
  if (typeof weights === 'object') {
    const credit = creditOf(weights, used)
    return typeof credit === 'string' ? undefinedEstimate(credit) : creditedKappa(shares, credit, isCounted)
  }
  if (used.includes(NO_LABEL))
    return undefinedEstimate(`${NO_LABEL} has no place on an ordered scale: skip unlabelled time`)
  // The whole scale: a step between two labels is no larger because those between are not used.
  const scale = orderLabels([...labelOrder, ...used], labelOrder)
  const whole = creditOf(weights, scale)
  if (typeof whole === 'string') return undefinedEstimate(whole)
  const places = used.map((label) => scale.indexOf(label))
  return creditedKappa(
    shares,
    places.map((i) => places.map((j) => whole[i]?.[j] ?? 0)),
    isCounted,
  )
}

function emptyAgreement(
  basis: TableAgreement['basis'],
  { weights }: TableOptions,
  reason: string,
): TableAgreement {
  return {
    basis,
    total: 0,
    observedAgreement: undefinedBecause(reason),
    expectedAgreement: undefinedBecause(reason),
    kappa: undefinedEstimate(reason),
    weightedKappa: weights === null ? null : undefinedEstimate(reason),
    ac1: undefinedEstimate(reason),
    alpha: undefinedBecause(reason),
  }
}
