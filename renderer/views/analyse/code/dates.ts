import { currentLanguage } from '../../../strings'

/** An instant of a change as people read it; as it stands where it is none. */
export function dateText(iso: string): string {
  const date = new Date(iso)
  return Number.isNaN(date.getTime())
    ? iso
    : date.toLocaleString(currentLanguage(), { dateStyle: 'medium', timeStyle: 'short' })
}
