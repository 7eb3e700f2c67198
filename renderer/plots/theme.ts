import { DEFAULT_EMOTION_COLOURS, EMOTIONS, relativeLuminance } from '../design/emotion-colours'

/** Colours and type of plots, as `#rrggbb` or any CSS colour. */
export interface PlotTheme {
  readonly isDark: boolean
  readonly ground: string
  readonly text: string
  readonly dim: string
  readonly grid: string
  /** Axis lines and tick marks. */
  readonly axis: string
  readonly accent: string
  readonly playhead: string
  readonly hover: string
  readonly hatch: string
  readonly hatchGround: string
  readonly warning: string
  readonly fontFamily: string
  /** In canonical order. */
  readonly emotionColours: readonly string[]
}

const FONT = "'Inter', 'Segoe UI', 'SF Pro Text', 'Noto Sans', 'DejaVu Sans', Arial, sans-serif"

export const DEFAULT_COLOURS: readonly string[] = EMOTIONS.map((emotion) => DEFAULT_EMOTION_COLOURS[emotion])

/** Black on white, for figures in print. */
export const PRINT_THEME: PlotTheme = {
  isDark: false,
  ground: '#ffffff',
  text: '#111417',
  dim: '#454c57',
  grid: '#e3e6eb',
  axis: '#6b7482',
  accent: '#1a5fb4',
  playhead: '#b3261e',
  hover: '#454c57',
  hatch: '#b4bac4',
  hatchGround: '#f5f6f8',
  warning: '#8a5a00',
  fontFamily: FONT,
  emotionColours: DEFAULT_COLOURS,
}

export const LIGHT_THEME: PlotTheme = { ...PRINT_THEME, text: '#191d24', dim: '#525b6a' }

export const DARK_THEME: PlotTheme = {
  isDark: true,
  ground: '#171b21',
  text: '#e9ecf1',
  dim: '#a5aebb',
  grid: '#2a303a',
  axis: '#707a8a',
  accent: '#6ea8fe',
  playhead: '#ff8a80',
  hover: '#a5aebb',
  hatch: '#454d5a',
  hatchGround: '#1d222a',
  warning: '#e8b64c',
  fontFamily: FONT,
  emotionColours: DEFAULT_COLOURS,
}

/** WCAG 2.2, 1.4.11: graphics that must be told from their ground. */
const LEAST_CONTRAST = 3

/** A colour made darker or lighter, whichever the ground asks for, until a thin line of it shows. Both `#rrggbb`. */
export function legibleOn(ground: string, colour: string): string {
  if (![ground, colour].every((value) => /^#[0-9a-f]{6}$/i.test(value))) return colour
  const goal = relativeLuminance(ground) > 0.18 ? 0 : 255
  for (let share = 0; share < 1; share += 0.04) {
    const mixed = mix(colour, goal, share)
    if (contrast(ground, mixed) >= LEAST_CONTRAST) return mixed
  }
  return mix(colour, goal, 1)
}

function mix(colour: string, goal: number, share: number): string {
  const channels = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16))
  return `#${channels
    .map((value) =>
      Math.round(value + (goal - value) * share)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`
}

function contrast(a: string, b: string): number {
  const [low, high] = [relativeLuminance(a), relativeLuminance(b)].sort((x, y) => x - y) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

/** The window's own colours where its style sheet has them. */
export function themeFromStyle(
  style: Pick<CSSStyleDeclaration, 'getPropertyValue'>,
  isDark: boolean,
  emotionColours: readonly string[] = DEFAULT_COLOURS,
): PlotTheme {
  const base = isDark ? DARK_THEME : LIGHT_THEME
  const value = (name: string, otherwise: string): string => style.getPropertyValue(name).trim() || otherwise
  return {
    ...base,
    ground: value('--plot-ground', base.ground),
    text: value('--text', base.text),
    dim: value('--text-dim', base.dim),
    grid: value('--plot-line', base.grid),
    axis: value('--line-strong', base.axis),
    accent: value('--accent', base.accent),
    playhead: value('--bad', base.playhead),
    hover: value('--text-dim', base.hover),
    warning: value('--warning', base.warning),
    fontFamily: value('--font', base.fontFamily),
    emotionColours,
  }
}
