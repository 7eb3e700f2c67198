import type { Bridge, EventName, Events, Verb } from '../../preload/contract'
import type { Reply } from '../../preload/contract/reply'

type Answers = { readonly [K in Verb]?: (ask: never) => unknown }

/** The bridge of a window under test: verbs answer as they are scripted, events are sent by the test. */
export interface ScriptedBridge {
  readonly bridge: Bridge
  /** Verbs that were asked, and with what. */
  readonly asked: { readonly verb: string; readonly ask: unknown }[]
  tell<K extends EventName>(event: K, payload: Events[K]): void
  /** How many listen to an event. */
  listeners(event: EventName): number
}

/** @param answers what a verb answers; one that throws answers a fault, one that is not there too */
export function scriptedBridge(answers: Answers): ScriptedBridge {
  const asked: { verb: string; ask: unknown }[] = []
  const listeners = new Map<string, Set<(payload: never) => void>>()
  const answer = async (verb: string, ask: unknown): Promise<Reply<unknown>> => {
    asked.push({ verb, ask: structuredClone(ask) })
    const run = answers[verb as Verb]
    try {
      if (!run) throw Object.assign(new Error(`${verb} is not scripted`), { code: 'internal' })
      return { ok: true, value: await run(ask as never) }
    } catch (error) {
      const { code, message } = error as { code?: string; message: string }
      return { ok: false, fault: { code: code ?? 'internal', message } }
    }
  }
  const on = (event: string, listener: (payload: never) => void) => {
    const all = listeners.get(event) ?? new Set()
    listeners.set(event, all.add(listener))
    return () => void all.delete(listener)
  }
  const special: Record<string, unknown> = {
    on,
    takeDropped: async (files: readonly File[]) => ({
      ok: true,
      value: files.map(({ name }) => `drop:${name}`),
    }),
  }
  const bridge = new Proxy({} as Bridge, {
    get: (_, name: string) => special[name] ?? ((ask: unknown) => answer(name, ask)),
  })
  return {
    bridge,
    asked,
    tell: (event, payload) => listeners.get(event)?.forEach((listener) => listener(payload as never)),
    listeners: (event) => listeners.get(event)?.size ?? 0,
  }
}
