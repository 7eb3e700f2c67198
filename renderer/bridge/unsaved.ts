import { bridge, unwrap } from './bridge'

/** What closing the window would lose, by whose it is. */
const reasons = new Map<string, string>()

/** Main asks before it closes the window as long as anybody has a reason. @param reason null: nothing would be lost any more */
export async function tellUnsaved(owner: 'recording' | 'annotations', reason: string | null): Promise<void> {
  if ((reasons.get(owner) ?? null) === reason) return
  if (reason === null) reasons.delete(owner)
  else reasons.set(owner, reason)
  const all = [...reasons.values()].join('\n')
  unwrap(await bridge().setUnsaved({ reason: all === '' ? null : all }))
}
