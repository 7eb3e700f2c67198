import { z } from 'zod'
import { UnmaskError } from '../errors'
import { createLabelMap } from '../fusion/label-map'
import { EMOTIONS } from '../emotions'
import { clipSummarySchema } from '../timeline/clip-summary'
import { type AnalysisSettings, analysisSettingsSchema } from '../timeline/settings'
import { summariseClip } from '../timeline/statistics'
import type { ClipTimeline } from '../timeline/types'
import type { ClipContext, ExportedCard } from './clip-context'

const modelSchema = z.object({
  id: z.string(),
  title: z.string(),
  licence: z.string(),
  attribution: z.string(),
  labels: z.array(z.string()),
  prior: z.array(z.number()),
  /** The prior as fusion uses it, over `emotions`. */
  fusionPrior: z.array(z.number()),
  temperature: z.number(),
  trainingData: z.string(),
  trainingSplit: z.string(),
  files: z.array(z.object({ name: z.string(), sha256: z.string() })),
})

export type ModelFacts = z.infer<typeof modelSchema>

/** NAME.meta.json: everything about one clip that is not a table, and its part of the folder's tables. */
export const clipMetaSchema = z.object({
  format: z.literal('unmask-clip'),
  formatVersion: z.literal(1),
  clipId: z.string().min(1),
  fileName: z.string(),
  sha256: z.string().nullable(),
  /** 'partial': the media could be read only in part; `damage` says why. */
  status: z.enum(['ok', 'partial']),
  damage: z.array(z.string()),
  warnings: z.array(z.string()),
  app: z.object({ name: z.literal('unmask'), version: z.string() }),
  analysedAt: z.string(),
  backend: z.object({ name: z.string(), details: z.record(z.string(), z.string()) }),
  versions: z.record(z.string(), z.string()),
  timingsSecs: z.record(z.string(), z.number()),
  /** Canonical order of all probabilities. */
  emotions: z.array(z.string()),
  /** As probed; see the media types of the engine. */
  media: z.looseObject({
    container: z.string(),
    video: z.looseObject({ nominalFps: z.number().nullable(), isVariableRate: z.boolean() }).nullable(),
    audio: z.looseObject({ sampleRateHz: z.number() }).nullable(),
  }),
  /** Those that were used: a clip without sound has no speech model. */
  models: z.object({ face: modelSchema.nullable(), speech: modelSchema.nullable() }),
  settings: analysisSettingsSchema,
  /** What else decides the values: parameters of the analysis that are no settings. */
  parameters: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  methods: z.record(z.string(), z.string()),
  rowSource: z.enum(['video', 'speech-hop']),
  subjects: z.record(z.string(), z.string()),
  variables: z.record(z.string(), z.string()),
  /** What people added, in exports of an annotated clip. */
  annotation: z
    .object({
      observers: z.array(z.object({ name: z.string(), isBlind: z.boolean(), isDone: z.boolean() })),
      scheme: z.string(),
      excluded: z.array(
        z.object({
          startSecs: z.number(),
          endSecs: z.number(),
          reason: z.string(),
          observer: z.string(),
        }),
      ),
    })
    .optional(),
  /** Result files of the clip, this one last. */
  files: z.array(z.string()),
  summary: clipSummarySchema,
})

export type ClipMeta = z.infer<typeof clipMetaSchema>

const EVIDENCE =
  'l(c) = log((1 - floor) p(c) + floor x fusionPrior(c)) - log fusionPrior(c); p from the frames table, floor from settings.fusion'

const FUSION: Readonly<Record<AnalysisSettings['fusion']['method'], string>> = {
  product:
    's(c) = log prior(c) + sum over modalities of exponent x gate x l(c); probabilities are softmax(s); absent where no gate reaches minimumGate',
  'weighted-sum':
    'p(c) = sum over modalities of weight x gate x p(c) of the modality, divided by the sum of weight x gate; the priors of the models stay in; absent where no gate reaches minimumGate',
}

const SMOOTHED =
  'columns ending in _s only, each with the prior of its raw column (face: that of the face model; fused: settings.fusion.prior)'
const MARKOV =
  'hidden Markov filter on the gated evidence of each face, raised to min(1, dt / faceEvidenceSecs) for the face and min(1, dt / window) for the voice; over dt it is drawn anew from the prior with probability min(1, (1 - exp(-dt / dwellSecs)) 7 / 6)'

const SMOOTHING: Readonly<Record<AnalysisSettings['smoothing']['method'], string>> = {
  none: 'none: the columns ending in _s are empty',
  exponential: `${SMOOTHED}; exponential: causal, m += (1 - exp(-dt / tau)) (l - m) on the face evidence before fusion, anew after a gap longer than restartGapSecs`,
  'markov-forward': `${SMOOTHED}; ${MARKOV}; forward only, causal`,
  markov: `${SMOOTHED}; ${MARKOV}; forward and backward`,
}

/** What cannot be read off the parameters alone. */
const METHODS: Readonly<Record<string, string>> = {
  segments:
    'majority of the raw labels over a window centred on each row, runs of equal labels, joined over gaps up to mergeGapSecs, dropped below minimumSecs; not lagging, and not from the smoothed columns',
  speechRows:
    'of the speech windows that cover a moment the one with the nearest centre, the earlier on a tie',
}

function methods({ modalities, fusion, smoothing }: AnalysisSettings): Record<string, string> {
  const usesEvidence =
    smoothing.method !== 'none' || (modalities.includes('fusion') && fusion.method === 'product')
  return {
    ...(usesEvidence && { evidence: EVIDENCE }),
    ...(modalities.includes('fusion') && { fusion: FUSION[fusion.method] }),
    smoothing: SMOOTHING[smoothing.method],
    ...METHODS,
  }
}

export function clipMeta(timeline: ClipTimeline, context: ClipContext, files: readonly string[]): ClipMeta {
  const damage = [...(context.damage ?? [])]
  return {
    format: 'unmask-clip',
    formatVersion: 1,
    clipId: context.clipId,
    fileName: context.fileName,
    sha256: context.sha256,
    status: damage.length > 0 ? 'partial' : 'ok',
    damage,
    warnings: [...timeline.warnings],
    app: { name: 'unmask', version: context.appVersion },
    analysedAt: context.analysedAt,
    backend: { name: context.backend.name, details: { ...context.backend.details } },
    versions: { ...context.versions },
    timingsSecs: { ...context.timingsSecs },
    emotions: [...EMOTIONS],
    media: {
      ...context.media,
      video: context.media.video && { ...context.media.video },
      audio: context.media.audio && { ...context.media.audio },
    },
    models: {
      face: timeline.rowSource === 'video' ? modelFacts(context.faceCard) : null,
      speech: timeline.speech ? modelFacts(context.speechCard) : null,
    },
    settings: context.settings,
    parameters: { ...context.parameters },
    methods: methods(context.settings),
    rowSource: timeline.rowSource,
    subjects: { ...context.subjects },
    variables: { ...context.variables },
    files: [...files],
    summary: summariseClip(timeline, context),
  }
}

function modelFacts(card: ExportedCard | null): ModelFacts | null {
  return (
    card && {
      id: card.id,
      title: card.title,
      licence: card.licence,
      attribution: card.attribution,
      labels: [...card.labels],
      prior: [...card.prior],
      fusionPrior: [...createLabelMap(card).prior],
      temperature: card.calibration.temperature,
      trainingData: card.training.data,
      trainingSplit: card.training.split,
      files: card.files.map(({ name, sha256 }) => ({ name, sha256 })),
    }
  )
}

export function metaText(meta: ClipMeta): string {
  return `${JSON.stringify(meta, null, 2)}\n`
}

/**
 * @param path for the message only
 * @throws UnmaskError 'data.invalid' naming the field
 */
export function parseClipMeta(text: string, path: string): ClipMeta {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch (error) {
    throw new UnmaskError('data.invalid', `not JSON; label the clip again with --force: ${path}`, {
      cause: error,
    })
  }
  const parsed = clipMetaSchema.safeParse(raw)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new UnmaskError(
    'data.invalid',
    `${issue?.path.join('.') || 'meta'}: ${issue?.message ?? 'invalid'}; label the clip again with --force: ${path}`,
  )
}
