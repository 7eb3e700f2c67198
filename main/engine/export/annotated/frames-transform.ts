import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { UnmaskError } from '../../errors'
import { BYTE_ORDER_MARK, csvLine, parseCsv, textCell } from '../csv'
import type { AnnotationIndex } from './clip-annotation'

/** The columns of a frames table that people's work changes, and those that tell of which row. */
const USED = [
  'time_s',
  'subject_id',
  'face_id',
  'n_faces',
  'quality',
  'manual_label',
  'manual_observer',
  'final_label',
  'final_source',
  'excluded',
] as const

type Used = (typeof USED)[number]

/**
 * Lines of a frames table with what people added: names of subjects, manual and final label, exclusions. Every other cell
 * stays as it is, to the byte.
 * @throws UnmaskError 'data.invalid' where a column is missing
 */
export async function* annotatedFrames(path: string, index: AnnotationIndex): AsyncGenerator<string> {
  const lines = createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })
  let places: Readonly<Record<Used, number>> | null = null
  for await (const line of lines) {
    if (line === '') continue
    if (places === null) {
      places = placesIn(line, path)
      yield `${line}\n`
      continue
    }
    const cells = cellsOf(line)
    annotate(cells, places, index)
    yield csvLine(cells)
  }
}

function placesIn(header: string, path: string): Record<Used, number> {
  const names = cellsOf(header.startsWith(BYTE_ORDER_MARK) ? header.slice(BYTE_ORDER_MARK.length) : header)
  const places = {} as Record<Used, number>
  for (const name of USED) {
    const place = names.indexOf(name)
    if (place < 0)
      throw new UnmaskError(
        'data.invalid',
        `the frames table has no column ${name}; label the clip again, then export: ${path}`,
      )
    places[name] = place
  }
  return places
}

/** Raw cells, quotes and all. No cell of this table holds a line break. */
function cellsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(',')
  return (parseCsv(`${line}\n`)[0] ?? []).map((cell) =>
    /[",]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell,
  )
}

function annotate(cells: string[], places: Readonly<Record<Used, number>>, index: AnnotationIndex): void {
  const number = (name: Used): number => Number(cells[places[name]] || -1)
  const timeSecs = number('time_s')
  const subjectId = index.subjectAt(number('face_id'), number('n_faces'), timeSecs)
  if (subjectId !== '') cells[places.subject_id] = textCell(index.subjectName(subjectId))
  if (index.isExcluded(timeSecs)) {
    cells[places.excluded] = '1'
    cells[places.quality] = 'excluded'
  }
  const manual = index.manualAt(subjectId, timeSecs)
  if (!manual) return
  cells[places.manual_label] = textCell(manual.label ?? '')
  cells[places.manual_observer] = textCell(manual.observer)
  cells[places.final_label] = textCell(manual.label ?? '')
  cells[places.final_source] = manual.label === null ? 'none' : 'manual'
}
