import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import {
  FOREIGN_TOOLS,
  type ForeignTrack,
  type ForeignTrackFacts,
} from '../../../../preload/contract/foreign-tracks'
import { UnmaskError } from '../../errors'
import { writeAtomic } from '../../export/atomic-file'
import { writeBytesAtomic } from '../../export/write-bytes'
import type { ForeignTable } from './read-table'

/**
 * Foreign tracks of a project: annotations/imported/<clipId>/<id>.json with what is known of one, <id>.bin with its numbers:
 * rows times, rows × columns values, rows × columns reasons, little endian.
 */
export const IMPORTED_FOLDER = 'imported'

const factsSchema = z.object({
  format: z.literal('unmask-foreign-track'),
  formatVersion: z.literal(1),
  id: z.string().regex(/^[0-9a-f-]{8,64}$/),
  title: z.string(),
  tool: z.enum(FOREIGN_TOOLS),
  fileName: z.string(),
  importedAt: z.string(),
  isShown: z.boolean(),
  rowCount: z.number().int().min(0),
  firstSecs: z.number(),
  lastSecs: z.number(),
  columns: z.array(
    z.object({
      name: z.string(),
      emotion: z.string().nullable(),
      least: z.number().nullable(),
      greatest: z.number().nullable(),
    }),
  ),
  groups: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['emotions', 'actionUnits', 'affect', 'confidence', 'other']),
      columns: z.array(z.number().int().min(0)),
      low: z.number(),
      high: z.number(),
    }),
  ),
  notices: z.array(z.string()),
  reasonWords: z.array(z.string()),
})

type StoredFacts = z.infer<typeof factsSchema>

export class TrackStore {
  readonly #folder: string

  /** @param annotationsFolder of the project; the clip's own folder is made when something is kept in it */
  constructor(annotationsFolder: string, clipId: string) {
    this.#folder = join(annotationsFolder, IMPORTED_FOLDER, clipId)
  }

  async add(
    table: ForeignTable,
    about: Pick<ForeignTrackFacts, 'title' | 'tool' | 'fileName' | 'importedAt'>,
  ): Promise<ForeignTrackFacts> {
    const id = randomUUID()
    const { timesSecs, values, reasons, ...facts } = table
    await mkdir(this.#folder, { recursive: true })
    await writeBytesAtomic(this.#path(id, 'bin'), bytesOf(timesSecs, values, reasons))
    const stored: StoredFacts = {
      format: 'unmask-foreign-track',
      formatVersion: 1,
      id,
      ...about,
      isShown: true,
      rowCount: facts.rowCount,
      firstSecs: facts.firstSecs,
      lastSecs: facts.lastSecs,
      columns: facts.columns.map((column) => ({ ...column })),
      groups: facts.groups.map((group) => ({ ...group, columns: [...group.columns] })),
      notices: [...facts.notices],
      reasonWords: [...facts.reasonWords],
    }
    await this.#writeFacts(stored)
    return factsOf(stored)
  }

  /** By title; files that cannot be read are passed over. */
  async list(): Promise<ForeignTrackFacts[]> {
    const names = await readdir(this.#folder).catch(() => [])
    const found: ForeignTrackFacts[] = []
    for (const name of names.filter((one) => one.endsWith('.json'))) {
      const facts = await this.#readFacts(name.slice(0, -'.json'.length)).catch(() => null)
      if (facts) found.push(factsOf(facts))
    }
    return found.sort((a, b) => (a.title < b.title ? -1 : a.title > b.title ? 1 : 0))
  }

  async open(id: string): Promise<ForeignTrack> {
    const facts = await this.#readFacts(id)
    const bytes = await readFile(this.#path(id, 'bin'))
    const { rowCount: rows } = facts
    const cells = rows * facts.columns.length
    if (bytes.length !== rows * 8 + cells * 5)
      throw new UnmaskError(
        'data.invalid',
        `the numbers of "${facts.title}" are damaged; remove it and import it again`,
      )
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)
    return {
      ...factsOf(facts),
      timesSecs: new Float64Array(buffer, 0, rows),
      values: new Float32Array(buffer, rows * 8, cells),
      reasons: new Uint8Array(buffer, rows * 8 + cells * 4, cells),
      reasonWords: facts.reasonWords,
    }
  }

  async show(id: string, isShown: boolean): Promise<void> {
    await this.#writeFacts({ ...(await this.#readFacts(id)), isShown })
  }

  async remove(id: string): Promise<void> {
    await rm(this.#path(id, 'json'), { force: true })
    await rm(this.#path(id, 'bin'), { force: true })
  }

  async #readFacts(id: string): Promise<StoredFacts> {
    const path = this.#path(id, 'json')
    try {
      return factsSchema.parse(JSON.parse(await readFile(path, 'utf8')))
    } catch (error) {
      throw new UnmaskError(
        'input.not-found',
        `this imported track cannot be read any more; import it again`,
        {
          cause: error,
        },
      )
    }
  }

  #writeFacts(facts: StoredFacts): Promise<void> {
    return writeAtomic(this.#path(facts.id, 'json'), [`${JSON.stringify(facts, null, 1)}\n`])
  }

  #path(id: string, ending: 'json' | 'bin'): string {
    // The id comes from the window: nothing but what this store gives may become a path.
    if (!/^[0-9a-f-]{8,64}$/.test(id))
      throw new UnmaskError('usage.invalid', 'this is no id of an imported track')
    return join(this.#folder, `${id}.${ending}`)
  }
}

function factsOf({
  format: _,
  formatVersion: __,
  reasonWords: ___,
  ...facts
}: StoredFacts): ForeignTrackFacts {
  return facts
}

function bytesOf(...arrays: readonly (Float64Array | Float32Array | Uint8Array)[]): Uint8Array {
  const bytes = new Uint8Array(arrays.reduce((sum, { byteLength }) => sum + byteLength, 0))
  let at = 0
  for (const { buffer, byteOffset, byteLength } of arrays) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at)
    at += byteLength
  }
  return bytes
}
