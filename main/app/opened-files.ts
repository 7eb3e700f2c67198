import { isAbsolute, resolve } from 'node:path'
import { existsSync } from 'node:fs'
import type { App } from 'electron'

/**
 * The files and folders among the arguments of a start: what is no switch, not the app itself, and exists. Chromium orders
 * the arguments of a second start as it likes and adds its own, so their place says nothing.
 * @param argv as in process.argv or of 'second-instance'
 * @param options.appFolder which stands in the arguments of a start from the repository
 * @param options.workingFolder for relative paths
 * @returns absolute paths, each once
 */
export function pathsIn(
  argv: readonly string[],
  options: { readonly appFolder: string; readonly workingFolder: string },
): string[] {
  const paths = argv
    .slice(1)
    .filter((argument) => argument !== '' && !argument.startsWith('-'))
    .map((argument) => (isAbsolute(argument) ? resolve(argument) : resolve(options.workingFolder, argument)))
    .filter((path) => path !== resolve(options.appFolder) && existsSync(path))
  return [...new Set(paths)]
}

/**
 * Files that the system asks the app to open: named at its start, by a later start, or by macOS. Those that come before
 * anybody listens are kept.
 */
export class OpenedFiles {
  #waiting: string[] = []
  #listener: ((paths: readonly string[]) => void) | null = null

  /** Call before the app is ready: macOS tells about the files of a start very early. */
  constructor(app: App, argv: readonly string[] = process.argv) {
    const appFolder = app.getAppPath()
    this.#take(pathsIn(argv, { appFolder, workingFolder: process.cwd() }))
    app.on('second-instance', (_, otherArgv, workingFolder) =>
      this.#take(pathsIn(otherArgv, { appFolder, workingFolder })),
    )
    app.on('open-file', (event, path) => {
      event.preventDefault()
      this.#take([path])
    })
  }

  /** From now on, and at once for what came before. */
  listen(listener: (paths: readonly string[]) => void): void {
    this.#listener = listener
    const waiting = this.#waiting
    this.#waiting = []
    if (waiting.length > 0) listener(waiting)
  }

  #take(paths: readonly string[]): void {
    if (paths.length === 0) return
    if (this.#listener) this.#listener(paths)
    else this.#waiting.push(...paths)
  }
}
