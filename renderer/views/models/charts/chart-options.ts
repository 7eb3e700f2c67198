import type { ChartOptions, ChartType } from 'chart.js'
import type { ChartTheme } from './chart-theme'

export interface AxisWords {
  readonly x: string
  readonly y: string
}

export interface OptionChoices {
  readonly theme: ChartTheme
  readonly titles: AxisWords
  /** Which axes are shares, shown in percent from 0 to 1. */
  readonly shares?: readonly ('x' | 'y')[]
  /** The axis whose names must all be there. */
  readonly categories?: 'x' | 'y'
  readonly hasLegend?: boolean
}

/** Scales, legend and tooltip alike in every chart; nothing moves, so that a chart is right at once. */
export function chartOptions<T extends ChartType>({
  theme,
  titles,
  shares = [],
  categories,
  hasLegend = true,
}: OptionChoices): ChartOptions<T> {
  const font = { family: theme.font, size: 12 }
  const axis = (name: 'x' | 'y') => ({
    title: { display: titles[name] !== '', text: titles[name], color: theme.dim, font },
    border: { color: theme.axis },
    grid: { color: theme.grid },
    ticks: {
      color: theme.dim,
      font,
      ...(name === categories ? { autoSkip: false } : { maxRotation: 0, autoSkipPadding: 12 }),
      ...(shares.includes(name) && { callback: (value: string | number) => percent(Number(value), 0) }),
    },
    ...(shares.includes(name) && { min: 0, max: 1 }),
  })
  const options = {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    interaction: { mode: 'nearest', intersect: false },
    scales: { x: axis('x'), y: axis('y') },
    plugins: {
      legend: {
        display: hasLegend,
        align: 'start',
        labels: { color: theme.text, font, boxWidth: 14, boxHeight: 8, usePointStyle: true },
      },
      tooltip: {
        backgroundColor: theme.text,
        titleColor: theme.ground,
        bodyColor: theme.ground,
        titleFont: font,
        bodyFont: font,
      },
    },
  }
  return options as unknown as ChartOptions<T>
}

/** "84.6%" */
export const percent = (share: number, decimals = 1): string => `${(share * 100).toFixed(decimals)}%`

export const percentOrNone = (share: number | null): string => (share === null ? '–' : percent(share))
