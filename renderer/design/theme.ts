import { shallowRef } from 'vue'

const DARK = '(prefers-color-scheme: dark)'
const dark = shallowRef(false)

/** Whether the dark theme is shown; follows the setting and the system. */
export const isDarkTheme: Readonly<typeof dark> = dark

/**
 * Puts the theme on the page before anything is drawn. The main process sets the theme that the researcher chose as the
 * browser's own preference, so one media query answers for choice and system both.
 * @returns a function that ends the following
 */
export function followTheme(page: Document = document, media: MediaQueryList = matchMedia(DARK)): () => void {
  const apply = () => {
    dark.value = media.matches
    page.documentElement.dataset['theme'] = media.matches ? 'dark' : 'light'
  }
  apply()
  media.addEventListener('change', apply)
  return () => media.removeEventListener('change', apply)
}
