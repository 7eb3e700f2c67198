import { EMOTIONS, MODEL_LABELS } from '../../emotions'
import { checkFaces, OTHER_CLASS } from './check-faces'
import { countItems } from './check-items'
import { checkVoices } from './check-voices'
import type { CheckedItem, DataReport, Finding } from './data-report'
import { readManifest } from './manifest'
import { listVoiceData, openFaceData } from './open-data'
import { isPicturePath } from './picture-file'
import { type DataProblem, dataError } from './problems'
import { type DataForm, recogniseData } from './recognise'

export interface CheckDataOptions {
  readonly signal?: AbortSignal
  /** Of recordings, which are decoded one by one. */
  readonly onProgress?: (done: number, total: number) => void
}

/**
 * Reads a whole data set, passes over what is broken, and says what is in it and what is wrong with it.
 * @throws UnmaskError where there is nothing to check: no such path, no known form, not one readable item; 'cancelled'
 */
export async function checkData(path: string, options: CheckDataOptions = {}): Promise<DataReport> {
  const form = await recogniseData(path)
  const unreadable: Finding[] = []
  const onProblem = (problem: DataProblem): void => {
    const { message } = dataError(problem)
    unreadable.push({ kind: 'unreadable', severity: 'error', message, ids: [] })
  }
  const isOfFaces = await holdsPictures(form)
  const { items, findings } = isOfFaces
    ? checkFaces(await openFaceData(path, { onProblem, signal: options.signal }))
    : await checkVoices(await listVoiceData(path, { onProblem, signal: options.signal }), options)
  const labels = new Set(items.map(({ label }) => label))
  const classes = isOfFaces
    ? [...EMOTIONS, ...(labels.has(OTHER_CLASS) ? [OTHER_CLASS] : [])]
    : MODEL_LABELS.filter((label) => labels.has(label))
  const hasSpeakers = items.some(({ speaker }) => speaker !== '')
  return {
    path,
    form: form.kind,
    items: items.length,
    classes,
    bySplit: countItems(items, classes, ({ split }) => split),
    bySpeaker: hasSpeakers ? countItems(items, classes, ({ speaker }: CheckedItem) => speaker) : [],
    findings: [...unreadable, ...findings].sort(
      (a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'),
    ),
  }
}

/** A manifest is what most of its files are; the others are then problems. */
async function holdsPictures(form: DataForm): Promise<boolean> {
  if (form.kind !== 'manifest') return form.kind !== 'ravdess'
  const { rows } = await readManifest(form.path, { onProblem: () => undefined })
  return rows.filter(({ path }) => isPicturePath(path)).length * 2 > rows.length
}
