import { z } from 'zod'
import { analysisSettingsSchema } from '../../engine/timeline/settings'
import { hostConfigSchema } from '../protocol'

/** What main tells the live process; ports come beside these messages. */
export const liveOrderSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('configure'), host: hostConfigSchema, settings: analysisSettingsSchema }),
  z.object({ type: z.literal('port') }),
  z.object({
    type: z.literal('record'),
    folder: z.string().min(1),
    name: z.string().min(1).max(200),
    container: z.enum(['webm', 'mp4']),
  }),
])

export type LiveOrder = z.infer<typeof liveOrderSchema>

/** Larger pictures gain nothing: the detector looks at 224 pixels and a face at 48. */
const SIDE_MAX_PX = 4096
/** Ten seconds at 48 kHz; the worklet sends a few hundredths of one. */
const SAMPLES_MAX = 480_000
const CHUNK_BYTES_MAX = 256 * 1024 * 1024

const atMs = z.number().finite()
const count = z.number().int().min(0)

export const startSessionSchema = z
  .object({ zeroMs: atMs, withVideo: z.boolean(), withAudio: z.boolean() })
  .refine(({ withVideo, withAudio }) => withVideo || withAudio, 'a session needs a camera or a microphone')

export const frameSchema = z
  .object({
    frameNumber: count,
    capturedAtMs: atMs,
    widthPx: z.number().int().min(16).max(SIDE_MAX_PX),
    heightPx: z.number().int().min(16).max(SIDE_MAX_PX),
    rgba: z.instanceof(Uint8Array),
    droppedSoFar: count,
  })
  .refine(({ widthPx, heightPx, rgba }) => rgba.byteLength === 4 * widthPx * heightPx, {
    message: 'rgba must hold 4 bytes a pixel',
    path: ['rgba'],
  })

export const audioSchema = z.object({
  capturedAtMs: atMs,
  samples: z
    .instanceof(Float32Array)
    .refine(({ length }) => length > 0 && length <= SAMPLES_MAX, `1 to ${SAMPLES_MAX} samples are taken`),
})

export const startRecordingSchema = z.object({ startedAtMs: atMs })

export const chunkSchema = z.object({
  bytes: z
    .instanceof(Uint8Array)
    .refine(({ byteLength }) => byteLength <= CHUNK_BYTES_MAX, `at most ${CHUNK_BYTES_MAX} bytes are taken`),
})

export const finishSchema = z.object({ isWanted: z.boolean() })
