import type { ChartTheme } from '../../models/charts/chart-theme'

/** Charts that leave the window are printed: dark on white, in a type that every computer has. */
export const PAPER_THEME: ChartTheme = {
  text: '#191d24',
  dim: '#3b4350',
  grid: '#dfe3e9',
  axis: '#6b7380',
  ground: '#ffffff',
  series: ['#1a5fb4', '#e08a00', '#9a78c4'],
  font: 'Helvetica, Arial, sans-serif',
}
