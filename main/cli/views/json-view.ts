import type { BatchView } from './batch-view'

/** For scripts: every event as one line of JSON, with the time it happened. */
export function createJsonView(write: (line: string) => void): BatchView {
  const emit = (event: object) => write(`${JSON.stringify({ at: new Date().toISOString(), ...event })}\n`)
  return { onEvent: emit, note: (message) => emit({ type: 'note', message }), stop: () => undefined }
}
