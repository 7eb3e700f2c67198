import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

export const VIEWS = [
  'library',
  'batch',
  'analyse',
  'study',
  'agreement',
  'live',
  'models',
  'settings',
] as const
export type ViewName = (typeof VIEWS)[number]

/** Which view is shown, and which clip Analyse is about. */
export const useNavigationStore = defineStore('navigation', () => {
  const view = shallowRef<ViewName>('library')
  const clipToken = shallowRef<string | null>(null)

  function show(name: ViewName): void {
    view.value = name
  }

  /** @param token a clip of the open project */
  function analyse(token: string): void {
    clipToken.value = token
    view.value = 'analyse'
  }

  return { view, clipToken, show, analyse }
})
