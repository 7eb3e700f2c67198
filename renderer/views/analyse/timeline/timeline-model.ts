import type { InjectionKey, Ref, ShallowRef } from 'vue'
import type { SignalAnswer, SignalKind } from '../../../plots/types'

/** Pictures of the clip's sound; null where it has none, or none yet. */
export type SignalsProvider = (
  kind: SignalKind,
  fromSecs: number,
  toSecs: number,
  maxColumns: number,
) => Promise<SignalAnswer | null>

/** What the researcher has arranged; by ids of tracks. */
export interface TimelineLayout {
  readonly hidden: readonly string[]
  /** Those not named follow in their usual order. */
  readonly order: readonly string[]
  readonly heightsPx: Readonly<Record<string, number>>
}

export const USUAL_LAYOUT: TimelineLayout = { hidden: [], order: [], heightsPx: {} }

/** How emotions are drawn. */
export interface TimelineLook {
  readonly style: 'areas' | 'lines'
  readonly isSmoothed: boolean
  /** In canonical order. */
  readonly isVisible: readonly boolean[]
}

export const USUAL_LOOK: TimelineLook = {
  style: 'areas',
  isSmoothed: false,
  isVisible: Array.from({ length: 7 }, () => true),
}

export interface FigureChoice {
  readonly format: 'svg' | 'png'
  readonly part: 'view' | 'whole'
  /** Of a PNG. */
  readonly dotsPerInch: number
}

/** Instants that many small parts follow; handed on as they are, so that the panel itself is not rendered with each frame. */
export interface TimelineCursor {
  readonly playheadSecs: Readonly<Ref<number>>
  /** Under the pointer, or where the keys have put it. */
  readonly hoverSecs: ShallowRef<number | null>
  /** The instant whose values are shown; follows the two at a pace that can be read. */
  readonly readSecs: Readonly<Ref<number>>
}

/** Collects what is to be drawn and draws it once, before the next frame is shown. */
export interface Redraw {
  request(draw: () => void): void
}

export const REDRAW_KEY: InjectionKey<Redraw> = Symbol('redraw')

/** Commands that the timeline answers to while it is shown; keys and menus run them by these ids. */
export const TIMELINE_COMMANDS = [
  'timeline.zoomIn',
  'timeline.zoomOut',
  'timeline.fit',
  'timeline.panLeft',
  'timeline.panRight',
  'timeline.panStart',
  'timeline.panEnd',
  'timeline.follow',
] as const
