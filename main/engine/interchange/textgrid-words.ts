/** Point tier of our TextGrids whose one mark is the manifest. */
export const MANIFEST_TIER = 'unmask'
/** Ends the name of the tier beside one, with what it cannot say itself. */
export const RECORD_SUFFIX = ' [unmask]'
