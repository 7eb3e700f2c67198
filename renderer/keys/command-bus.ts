import { onScopeDispose } from 'vue'

type Run = () => void

/** Commands by id; of several that answer to one id the last that came acts, so that an open dialog covers its view. */
const handlers = new Map<string, Run[]>()

/** Offers commands as long as the calling component lives. Ids stand in commands.ts; menu and keys run them. */
export function useCommands(commands: Readonly<Record<string, Run>>): void {
  for (const [id, run] of Object.entries(commands)) handlers.set(id, [...(handlers.get(id) ?? []), run])
  onScopeDispose(() => {
    for (const [id, run] of Object.entries(commands))
      handlers.set(
        id,
        (handlers.get(id) ?? []).filter((other) => other !== run),
      )
  })
}

/** @returns false where nobody offers the command just now */
export function runCommand(id: string): boolean {
  const run = handlers.get(id)?.at(-1)
  run?.()
  return run !== undefined
}

export function isOffered(id: string): boolean {
  return (handlers.get(id)?.length ?? 0) > 0
}
