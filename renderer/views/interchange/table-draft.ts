import {
  TIME_UNITS,
  type TablePreview,
  type TableRecipe,
  type TimeUnit,
} from '../../../preload/contract/foreign-tracks'
import { t } from '../../strings'

export const SEPARATORS = [
  { value: ',' as const, key: 'comma' as const },
  { value: ';' as const, key: 'semicolon' as const },
  { value: '\t' as const, key: 'tab' as const },
]

export const unitOptions = (): { value: TimeUnit; text: string }[] =>
  TIME_UNITS.map((value) => ({ value, text: t(`interchange.table.unit.${value}`) }))

/** A number as it was typed; null where it is none. */
export function typedNumber(text: string): number | null {
  const value = Number(text.trim().replace(',', '.'))
  return text.trim() !== '' && Number.isFinite(value) ? value : null
}

/** Columns under another header or separator are other columns: those that were chosen mean nothing any more. */
export function withLayout(recipe: TableRecipe, change: Partial<TableRecipe>): TableRecipe {
  return { ...recipe, ...change, columns: [], timeColumn: 0, validColumn: null, faceColumn: null, face: '' }
}

export function toggled(columns: readonly number[], place: number, isChosen: boolean): number[] {
  const others = columns.filter((one) => one !== place)
  return isChosen ? [...others, place].sort((a, b) => a - b) : others
}

export function titleOf({ recipe, fileName }: TablePreview): string {
  return recipe.tool === 'table' ? fileName.replace(/\.[^.]+$/, '') : t(`interchange.tool.${recipe.tool}`)
}
