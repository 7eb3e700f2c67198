import { app } from 'electron'

/** However long a task takes, the app ends after this. */
const LIMIT_MS = 6000

/** What must be put in order before the app ends: batches paused, files closed, processes stopped. */
export class QuitTasks {
  readonly #tasks: (() => Promise<void> | void)[] = []

  add(task: () => Promise<void> | void): void {
    this.#tasks.push(task)
  }

  holdQuit(): void {
    let isRunning = false
    app.on('will-quit', (event) => {
      event.preventDefault()
      if (isRunning) return
      isRunning = true
      // All windows are closed by now. A second quit() from inside the first would not end the app; exit() does.
      void this.#run().then(() => setImmediate(() => app.exit()))
    })
  }

  async #run(): Promise<void> {
    const limit = new Promise<void>((resolve) => setTimeout(resolve, LIMIT_MS))
    await Promise.race([Promise.allSettled(this.#tasks.map(async (task) => task())), limit])
  }
}
