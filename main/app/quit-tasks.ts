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
    let isDone = false
    app.on('will-quit', (event) => {
      if (isDone) return
      event.preventDefault()
      void this.#run().then(() => {
        isDone = true
        app.quit()
      })
    })
  }

  async #run(): Promise<void> {
    const limit = new Promise<void>((resolve) => setTimeout(resolve, LIMIT_MS))
    await Promise.race([Promise.allSettled(this.#tasks.map(async (task) => task())), limit])
  }
}
