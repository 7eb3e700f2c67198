import { FEATURE_COLUMNS } from '../speech/feature-columns'
import { csvLine, numberCell } from './csv'

/**
 * Lines of the table that `unmask features` writes, header first.
 * @param rows in the order of FEATURE_COLUMNS; null is absent and becomes an empty cell
 */
export async function* featuresCsv(rows: AsyncIterable<readonly (number | null)[]>): AsyncGenerator<string> {
  yield csvLine(FEATURE_COLUMNS.map(({ name }) => name))
  for await (const row of rows)
    yield csvLine(FEATURE_COLUMNS.map(({ decimals }, column) => numberCell(row[column], decimals)))
}
