import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeAtomic } from '../../engine/export/atomic-file'

const FILE = 'annotation.json'
const fileSchema = z.object({
  /** Folder of a project -> who codes there on this computer. */
  observers: z.record(z.string(), z.string()),
})

/** What this computer knows of coding: who codes in which project. */
export class ChosenObservers {
  readonly #path: string
  #content: z.infer<typeof fileSchema> = { observers: {} }

  private constructor(path: string) {
    this.#path = path
  }

  static async load(userDataFolder: string): Promise<ChosenObservers> {
    const chosen = new ChosenObservers(join(userDataFolder, FILE))
    try {
      chosen.#content = fileSchema.parse(JSON.parse(await readFile(chosen.#path, 'utf8')))
    } catch {
      // Not there yet, or of no use: whoever codes is asked again.
    }
    return chosen
  }

  of(folder: string): string | null {
    return this.#content.observers[folder] ?? null
  }

  /** @throws UnmaskError 'output.*' */
  async choose(folder: string, observerId: string | null): Promise<void> {
    const { [folder]: _, ...others } = this.#content.observers
    this.#content = { observers: observerId === null ? others : { ...others, [folder]: observerId } }
    await writeAtomic(this.#path, [`${JSON.stringify(this.#content, null, 2)}\n`])
  }
}
