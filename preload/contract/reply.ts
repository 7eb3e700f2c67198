/** A failure as data: Electron carries only an error's message between processes, so failures travel as values. */
export interface Fault {
  /** One of a closed list, for programs: "input.not-found", "output.disk-full" and so on. */
  readonly code: string
  /** For people: names the file or parameter, the value, and what to do. */
  readonly message: string
}

export type Reply<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault }

/** What a map of requests looks like: verb to what is asked and what is answered. */
export type RequestMap<T> = { [Verb in keyof T]: { ask: unknown; answer: unknown } }

/** The message over a port: a numbered request and its answer, or an event without number. */
export interface PortRequest {
  readonly id: number
  readonly verb: string
  readonly ask: unknown
}

export type PortMessage =
  ({ readonly id: number } & Reply<unknown>) | { readonly event: string; readonly payload: unknown }
