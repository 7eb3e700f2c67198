import { z } from 'zod'
import { annotationItemSchema, studySchema } from '../../engine/annotation/schema'
import { faultSchema, toFault } from '../../engine/errors'
import { clipMetaSchema } from '../../engine/export/meta-json'
import { EXPORT_FORMATS, exportClip } from '../../engine/results/export-clip'
import { type Grants, tokenSchema } from './grants'

/** What main asks of this process beside grants: the folder is one that the user picked. */
export const exportOrderSchema = z.object({
  type: z.literal('export'),
  id: z.number().int(),
  token: tokenSchema,
  formats: z.array(z.enum(EXPORT_FORMATS)).min(1).max(EXPORT_FORMATS.length),
  targetFolder: z.string().min(1),
  replace: z.boolean(),
  /** What people said of the clip; null where nobody did. */
  annotation: z.object({ study: studySchema, items: z.array(annotationItemSchema) }).nullable(),
})

export type ExportOrder = z.infer<typeof exportOrderSchema>

export const cancelExportSchema = z.object({ type: z.literal('cancelExport'), id: z.number().int() })

const exportedSchema = z.object({
  files: z.array(z.string()).readonly(),
  absent: z.array(z.object({ format: z.enum(EXPORT_FORMATS), reason: z.string() })).readonly(),
  meta: clipMetaSchema.nullable(),
})

/** What main hears of it. */
export const exportReplySchema = z.object({
  type: z.literal('exported'),
  id: z.number().int(),
  result: z.union([
    z.object({ ok: z.literal(true), value: exportedSchema }),
    z.object({ ok: z.literal(false), fault: faultSchema }),
  ]),
})

export type ExportReply = z.infer<typeof exportReplySchema>

/** Exports that run for main. */
export class ExportOrders {
  readonly #grants: Grants
  readonly #running = new Map<number, AbortController>()

  constructor(grants: Grants) {
    this.#grants = grants
  }

  /** @param reply called once */
  async run(
    { id, token, formats, targetFolder, replace, annotation }: ExportOrder,
    reply: (reply: ExportReply) => void,
  ): Promise<void> {
    const controller = new AbortController()
    this.#running.set(id, controller)
    const answer = (result: ExportReply['result']) => reply({ type: 'exported', id, result })
    try {
      const { resultsFolder, clipId, mediaPath } = this.#grants.of(token)
      const { signal } = controller
      const request = { resultsFolder, clipId, mediaPath, formats, targetFolder, replace, annotation, signal }
      answer({ ok: true, value: await exportClip(request) })
    } catch (error) {
      answer({ ok: false, fault: toFault(error) })
    } finally {
      this.#running.delete(id)
    }
  }

  cancel(id: number): void {
    this.#running.get(id)?.abort()
  }
}
