/** Point tier of our TextGrids whose one mark is the manifest. */
export const MANIFEST_TIER = 'unmask'
/** Ends the name of the tier beside one, with what it cannot say itself. */
export const RECORD_SUFFIX = ' [unmask]'

/** Text as Praat keeps it: line ends inside a text become those of the file, whichever they are. */
export function shownInPraat(text: string): string {
  return text.replace(/\r\n?/g, '\n')
}
