import { z } from 'zod'
import { type PortHandlers, servePort, type ServerPort } from '../port-server'
import { cancelExportSchema, ExportOrders, exportOrderSchema, type ExportReply } from './export-orders'
import { frameVerbs } from './frame-verbs'
import { clipGrantSchema, Grants } from './grants'
import { KeptRows } from './kept-rows'
import { landmarkVerbs } from './landmark-verbs'
import { resultsVerbs } from './results-verbs'
import { settleOrderSchema, type Settled } from './settled'
import { signalVerbs } from './signal-verbs'

/** What main tells the viewer process; ports come beside these messages. */
export const viewerOrderSchema = z.discriminatedUnion('type', [
  clipGrantSchema.extend({ type: z.literal('grant') }),
  z.object({ type: z.literal('revoke'), token: z.string() }),
  /** The port that comes with it is the window's. */
  z.object({ type: z.literal('port') }),
  exportOrderSchema,
  cancelExportSchema,
  settleOrderSchema,
])

export type ViewerReply = ExportReply | Settled

export type ViewerOrder = z.infer<typeof viewerOrderSchema>

/** The viewer: grants of main on one side, requests of the window on the other. Runs in any process. */
export class Viewer {
  readonly grants = new Grants()
  readonly #handlers: PortHandlers
  readonly #exports = new ExportOrders(this.grants)
  readonly #tellMain: (reply: ViewerReply) => void

  /** @param tellMain where answers to orders go; those to the window go through its port */
  constructor(tellMain: (reply: ViewerReply) => void = () => undefined) {
    this.#tellMain = tellMain
    const { grants } = this
    const kept = new KeptRows(grants)
    this.#handlers = {
      ...resultsVerbs(grants, kept),
      ...landmarkVerbs(grants, kept),
      ...signalVerbs(grants),
      ...frameVerbs(grants, kept),
    }
  }

  /** @throws ZodError where main sent something else: a fault of the program */
  obey(message: unknown, ports: readonly ServerPort[]): void {
    const order = viewerOrderSchema.parse(message)
    switch (order.type) {
      case 'grant': {
        const { type: _, ...grant } = order
        return this.grants.give(grant)
      }
      case 'revoke':
        return this.grants.revoke(order.token)
      case 'port':
        for (const port of ports) servePort(port, this.#handlers)
        return
      case 'export':
        // Never rejects: what fails is in the answer.
        return void this.#exports.run(order, this.#tellMain)
      case 'cancelExport':
        return this.#exports.cancel(order.id)
      case 'settle':
        return this.#tellMain({ type: 'settled', id: order.id })
    }
  }
}
