import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseCsv } from '../../main/engine/export/csv'

/** A CSV file as rows by column name. */
export async function readTable(folder: string, name: string): Promise<Record<string, string>[]> {
  const [header = [], ...lines] = parseCsv(await readFile(join(folder, name), 'utf8'))
  return lines.map((cells) => Object.fromEntries(header.map((column, index) => [column, cells[index] ?? ''])))
}

/** Contents of every result file that must be equal in two runs on the same input: all tables of clips. */
export async function clipTables(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder))
    .filter((name) => /\.(frames|speech|segments|long)\.csv$/.test(name))
    .sort()
  const entries = await Promise.all(
    names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const),
  )
  return Object.fromEntries(entries)
}

export async function hasLeftovers(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.unmask-tmp') || name === '.unmask.lock')
}
