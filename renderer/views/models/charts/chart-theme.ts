import { computed, type ComputedRef } from 'vue'
import { isDarkTheme } from '../../../design/theme'

/** Colours and type of a chart, from the window's own. */
export interface ChartTheme {
  readonly text: string
  readonly dim: string
  readonly grid: string
  readonly axis: string
  readonly ground: string
  readonly series: readonly [string, string, string]
  readonly font: string
}

/** Blue, orange and violet of different lightness, so that they stay apart in grey and for every colour vision. */
const SERIES = {
  light: ['#1a5fb4', '#e08a00', '#9a78c4'],
  dark: ['#6ea8fe', '#f2b44c', '#b795e6'],
} as const

export function useChartTheme(): ComputedRef<ChartTheme> {
  return computed(() => {
    const series = SERIES[isDarkTheme.value ? 'dark' : 'light']
    const style = getComputedStyle(document.documentElement)
    const value = (name: string, otherwise: string) => style.getPropertyValue(name).trim() || otherwise
    return {
      text: value('--text', '#191d24'),
      dim: value('--text-dim', '#525b6a'),
      grid: value('--plot-line', '#dfe3e9'),
      axis: value('--line-strong', '#8b94a3'),
      ground: value('--surface-raised', '#ffffff'),
      series,
      font: value('--font', 'sans-serif'),
    }
  })
}
