import { shallowRef, type ShallowRef } from 'vue'

export const STUDY_SECTIONS = ['scheme', 'observers', 'subjects', 'variables', 'progress'] as const
export type StudySection = (typeof STUDY_SECTIONS)[number]

const shown = shallowRef<StudySection>('scheme')

/** The section in front; it stays while the window is open, and others can lead to one. */
export function useStudySection(): ShallowRef<StudySection> {
  return shown
}
