import { EXIT } from './exit-codes'

export interface Interrupt {
  readonly signal: AbortSignal
  release(): void
}

/** The first Ctrl-C (or a polite kill) stops cleanly; the second one at once. */
export function onInterrupt(onFirst: () => void = () => undefined): Interrupt {
  const controller = new AbortController()
  const listener = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted)
    onFirst()
    controller.abort()
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const name of signals) process.on(name, listener)
  return {
    signal: controller.signal,
    release: () => {
      for (const name of signals) process.off(name, listener)
    },
  }
}
