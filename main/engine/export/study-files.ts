import type { BehaviourResult } from '../behaviour/types'
import { AGREEMENT_COLUMNS, CONFUSION_COLUMNS } from './agreement-columns'
import { agreementCsv, type AgreementTables, confusionCsv } from './agreement-csv'
import { AtomicFiles, type TextChunks } from './atomic-file'
import { BUDGET_COLUMNS, CONTINUOUS_COLUMNS, GROUPS_COLUMNS, TRANSITIONS_COLUMNS } from './behaviour-columns'
import { budgetCsv, continuousCsv, groupsCsv, transitionsCsv } from './behaviour-csv'
import type { Column } from './columns'
import { dictionaryCsv } from './data-dictionary'

/** Tables of agreement, by name. */
export const AGREEMENT_FILES: ReadonlyMap<string, readonly Column[]> = new Map([
  ['agreement.csv', AGREEMENT_COLUMNS],
  ['confusion.csv', CONFUSION_COLUMNS],
])

/** Tables of behaviour, by name. */
export const BEHAVIOUR_FILES: ReadonlyMap<string, readonly Column[]> = new Map([
  ['summary_long.csv', BUDGET_COLUMNS],
  ['transitions.csv', TRANSITIONS_COLUMNS],
  ['continuous.csv', CONTINUOUS_COLUMNS],
  ['groups.csv', GROUPS_COLUMNS],
])

export const DICTIONARY_FILE = 'data_dictionary.csv'

/**
 * Writes agreement.csv, confusion.csv and their data_dictionary.csv, all or none.
 * @returns their names @throws UnmaskError 'output.disk-full' | 'output.unwritable'
 */
export function writeAgreement(folder: string, tables: AgreementTables): Promise<string[]> {
  return writeTables(folder, AGREEMENT_FILES, {
    'agreement.csv': agreementCsv(tables),
    'confusion.csv': confusionCsv(tables.pairs),
  })
}

/** Writes summary_long.csv, transitions.csv, continuous.csv, groups.csv and their data_dictionary.csv, all or none. */
export function writeBehaviour(folder: string, result: BehaviourResult): Promise<string[]> {
  return writeTables(folder, BEHAVIOUR_FILES, {
    'summary_long.csv': budgetCsv(result.budget),
    'transitions.csv': transitionsCsv(result.transitions),
    'continuous.csv': continuousCsv(result.continuous),
    'groups.csv': groupsCsv(result.groups),
  })
}

async function writeTables(
  folder: string,
  dictionary: ReadonlyMap<string, readonly Column[]>,
  tables: Readonly<Record<string, TextChunks>>,
): Promise<string[]> {
  const files = new AtomicFiles(folder)
  try {
    for (const [name, chunks] of Object.entries(tables)) await files.write(name, chunks)
    await files.write(DICTIONARY_FILE, dictionaryCsv(dictionary))
    return await files.commit()
  } finally {
    await files.discard()
  }
}
