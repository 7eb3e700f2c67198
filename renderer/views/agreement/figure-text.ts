import type { FigureBounds, StudyFigure } from '../../../preload/contract/agreement'
import { t } from '../../strings'

/** Coefficients with three decimals, as journals print them; a dash where there is none. */
export function coefficientText(figure: StudyFigure | null | undefined): string {
  return figure?.value == null ? '–' : signed(figure.value.toFixed(3))
}

export function decimalText(value: number | null | undefined, decimals = 2): string {
  return value == null || !Number.isFinite(value) ? '–' : signed(value.toFixed(decimals))
}

/** "84.6%" */
export function shareText(share: number | null | undefined, decimals = 1): string {
  return share == null || !Number.isFinite(share) ? '–' : signed(`${(share * 100).toFixed(decimals)}%`)
}

/** Whole numbers as they are, seconds with two decimals. */
export function amountText(value: number, isCount: boolean): string {
  return isCount ? value.toLocaleString('en') : value.toFixed(2)
}

export function intervalText(interval: FigureBounds | null): string {
  return interval === null
    ? ''
    : t('agreement.interval', { low: decimalText(interval.low, 3), high: decimalText(interval.high, 3) })
}

/** A minus of its own width, and no minus before a rounded zero. */
function signed(text: string): string {
  return /^-0*\.?0*%?$/.test(text) ? text.slice(1) : text.replace(/^-/, '−')
}
