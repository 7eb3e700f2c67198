import { shallowRef, type ShallowRef } from 'vue'

export const SECTIONS = [
  'appearance',
  'analysis',
  'labelling',
  'playback',
  'keys',
  'colours',
  'about',
] as const
export type SectionName = (typeof SECTIONS)[number]

const shown = shallowRef<SectionName>('appearance')

/** The section in front; it stays while the window is open, and others can lead to one. */
export function useShownSection(): ShallowRef<SectionName> {
  return shown
}
