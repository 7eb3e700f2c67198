import { type MaybeRefOrGetter, onScopeDispose, type Ref, shallowRef, toValue, watch } from 'vue'
import { type PlotTheme, themeFromStyle } from '../../../plots/theme'

/** The window's colours for plots; follows the theme as it is switched. */
export function usePlotTheme(emotionColours: MaybeRefOrGetter<readonly string[]>): Readonly<Ref<PlotTheme>> {
  const root = document.documentElement
  const read = (): PlotTheme =>
    themeFromStyle(getComputedStyle(root), root.dataset['theme'] === 'dark', toValue(emotionColours))
  const theme = shallowRef(read())
  const observer = new MutationObserver(() => (theme.value = read()))
  observer.observe(root, { attributes: true, attributeFilter: ['data-theme', 'style', 'class'] })
  watch(
    () => toValue(emotionColours),
    () => (theme.value = read()),
  )
  onScopeDispose(() => observer.disconnect())
  return theme
}
