import { computed, type WritableComputedRef } from 'vue'
import { useRemembered } from '../layout/use-remembered'

/** What the side panel is for. */
export const PANEL_MODES = ['results', 'code', 'review', 'rate'] as const
export type PanelMode = (typeof PANEL_MODES)[number]

/** The panel's mode, the same again next time. */
export function usePanelMode(): WritableComputedRef<PanelMode> {
  const kept = useRemembered<string>('panelMode', 'results', isMode)
  return computed({
    get: () => kept.value as PanelMode,
    set: (mode) => (kept.value = mode),
  })
}

const isMode = (mode: string): boolean => PANEL_MODES.some((known) => known === mode)
