import { createHash, randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeAtomic } from '../../engine/export/atomic-file'

const FILE = 'annotation.json'
const fileSchema = z.object({
  /** This installation; part of what tells copies of a project apart. */
  installationId: z.string().min(1).max(100),
  /** Folder of a project -> who codes there on this computer. */
  observers: z.record(z.string(), z.string()),
})

/** What this computer knows of coding: who codes in which project, and the name of this copy of it. */
export class ChosenObservers {
  readonly #path: string
  #content: z.infer<typeof fileSchema> = { installationId: '', observers: {} }

  private constructor(path: string) {
    this.#path = path
  }

  static async load(userDataFolder: string): Promise<ChosenObservers> {
    const chosen = new ChosenObservers(join(userDataFolder, FILE))
    try {
      chosen.#content = fileSchema.parse(JSON.parse(await readFile(chosen.#path, 'utf8')))
    } catch {
      // Not there yet, or of no use: whoever codes is asked again, and this copy gets a new name, which costs nothing.
      chosen.#content = { installationId: randomUUID(), observers: {} }
      await chosen.#save()
    }
    return chosen
  }

  /** A copy of a project in another folder or on another computer has another one. */
  replicaId(folder: string): string {
    return createHash('sha256')
      .update(`${this.#content.installationId}\n${folder}`)
      .digest('hex')
      .slice(0, 16)
  }

  of(folder: string): string | null {
    return this.#content.observers[folder] ?? null
  }

  /** @throws UnmaskError 'output.*' */
  async choose(folder: string, observerId: string | null): Promise<void> {
    const { [folder]: _, ...others } = this.#content.observers
    this.#content = {
      ...this.#content,
      observers: observerId === null ? others : { ...others, [folder]: observerId },
    }
    await this.#save()
  }

  #save(): Promise<void> {
    return writeAtomic(this.#path, [`${JSON.stringify(this.#content, null, 2)}\n`])
  }
}
