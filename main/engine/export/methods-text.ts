import type { AnalysisSettings } from '../timeline/settings'
import type { ClipMeta, ModelFacts } from './meta-json'
import type { FolderClip } from './summary'

export interface MethodsOptions {
  readonly clips: readonly FolderClip[]
  readonly appVersion: string
}

/** METHODS.txt: a paragraph a paper can quote, from what was really done, and the references it needs. */
export function methodsText({ clips, appVersion }: MethodsOptions): string {
  const metas = clips.flatMap((clip) => ('meta' in clip ? [clip.meta] : []))
  const failed = clips.length - metas.length
  const first = metas[0]
  if (!first)
    return `No clip was labelled with Unmask ${appVersion}; ${plural(failed, 'clip')} failed, see errors.csv.\n`
  // A clip without sound or pictures has one model only: the paragraph is about the folder.
  const models = {
    face: metas.find((meta) => meta.models.face)?.models.face ?? null,
    speech: metas.find((meta) => meta.models.speech)?.models.speech ?? null,
  }
  const facts: MethodFacts = { ...first, models }
  const sentences = [
    materialSentence(metas, failed),
    `They were labelled with Unmask ${first.app.version} (backend ${first.backend.name}; ${versions(first)}).`,
    ...faceSentences(facts),
    ...speechSentences(facts),
    ...fusionSentences(facts),
    segmentSentence(first.settings),
    'Probabilities are calibrated model outputs, not measurements of felt emotion; time without a reading is missing, not neutral.',
  ]
  const mixed = mixedFacts(metas)
  const notes =
    mixed.length > 0
      ? [
          `Note: the clips of this folder differ in ${mixed.join(', ')}. The paragraph describes the first of each; every meta.json has its own.`,
        ]
      : []
  return `${[sentences.join(' '), ...notes, ['References', ...references(facts)].join('\n')].join('\n\n')}\n`
}

type MethodFacts = Pick<ClipMeta, 'models' | 'settings'>

/** What is not the same for all clips and would make one paragraph wrong. */
function mixedFacts(metas: readonly ClipMeta[]): string[] {
  const facts: [name: string, value: (meta: ClipMeta) => unknown][] = [
    ['settings', ({ settings }) => settings],
    ['version of Unmask', ({ app }) => app.version],
    ['backend', ({ backend }) => backend.name],
    ['versions', (meta) => meta.versions],
    ['face model', ({ models }) => models.face],
    ['speech model', ({ models }) => models.speech],
  ]
  return facts
    .filter(
      ([, value]) =>
        new Set(metas.flatMap((meta) => JSON.stringify(value(meta) ?? undefined) ?? [])).size > 1,
    )
    .map(([name]) => name)
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function materialSentence(metas: readonly ClipMeta[], failed: number): string {
  const minutes = metas.reduce((sum, meta) => sum + meta.summary.durationSecs, 0) / 60
  const partial = metas.filter(({ status }) => status === 'partial').length
  const remarks = [
    ...(partial > 0 ? [`${plural(partial, 'damaged clip')} read as far as possible`] : []),
    ...(failed > 0 ? [`${plural(failed, 'further clip')} could not be read`] : []),
  ]
  const remark = remarks.length > 0 ? `; ${remarks.join('; ')}` : ''
  return `${plural(metas.length, 'clip')} (${minutes.toFixed(1)} min in total${remark}) were analysed automatically.`
}

function versions(meta: ClipMeta): string {
  return Object.entries(meta.versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')
}

function modelName(model: ModelFacts): string {
  const weights = model.files.at(-1)?.sha256.slice(0, 12) ?? ''
  return `${model.title} (${model.id}, weights sha256 ${weights}...; training data: ${model.trainingData.replace(/\.$/, '')}; temperature ${round(model.temperature)})`
}

/** At most three decimals, without trailing zeros. */
function round(value: number): string {
  return String(Math.round(value * 1000) / 1000)
}

function faceSentences({ models, settings }: MethodFacts): string[] {
  if (!models.face) return []
  const rate =
    settings.framesPerSec === 'all'
      ? 'every decoded frame'
      : `${round(settings.framesPerSec)} frames per second`
  return [
    `Faces were detected and tracked, and in ${rate} seven emotions (neutral, happiness, sadness, anger, fear, disgust, surprise) were estimated for each face by ${modelName(models.face)}.`,
  ]
}

function speechSentences({ models, settings }: MethodFacts): string[] {
  if (!models.speech) return []
  const calm = models.speech.labels.includes('calm') ? '; its class calm was counted as neutral' : ''
  return [
    `Speech was located by voice activity detection and classified from mel-frequency cepstral coefficients in windows of ${round(settings.speech.windowSecs)} s every ${round(settings.speech.hopSecs)} s by ${modelName(models.speech)}${calm}.`,
  ]
}

function fusionSentences({ models, settings }: MethodFacts): string[] {
  const { fusion } = settings
  if (!settings.modalities.includes('fusion') || !models.face || !models.speech) return []
  const how =
    fusion.method === 'product'
      ? `by the product of the two posteriors with each model's class prior divided out (exponents ${round(fusion.faceExponent)} and ${round(fusion.speechExponent)}, prior ${prior(fusion.prior)})`
      : `by the weighted sum of the two posteriors (weights ${round(fusion.faceWeight)} and ${round(fusion.speechWeight)})`
  return [
    `Face and speech were combined at decision level ${how}, each weighted at every moment by a reliability between 0 and 1 (face: detector score, size, pose, sharpness; speech: share of speech, signal-to-noise ratio). Where only one modality was available it was used alone.`,
  ]
}

function prior(values: readonly number[]): string {
  const [first = 0] = values
  return values.every((value) => Math.abs(value - first) < 1e-9) ? 'uniform' : values.map(round).join(', ')
}

function segmentSentence({ segments }: AnalysisSettings): string {
  const threshold =
    segments.minimumConfidence > 0
      ? `, rows below a probability of ${round(segments.minimumConfidence)} left out`
      : ''
  return `Episodes are runs of one label after a centred majority vote over ${round(segments.voteWindowSecs)} s, joined over gaps of at most ${round(segments.mergeGapSecs)} s and no shorter than ${round(segments.minimumSecs)} s${threshold}.`
}

const PRODUCT_REFERENCE =
  'Kittler, J., Hatef, M., Duin, R. P. W., & Matas, J. (1998). On combining classifiers. IEEE Transactions on Pattern Analysis and Machine Intelligence, 20(3), 226-239.'
const MFCC_REFERENCE =
  'Davis, S., & Mermelstein, P. (1980). Comparison of parametric representations for monosyllabic word recognition in continuously spoken sentences. IEEE Transactions on Acoustics, Speech, and Signal Processing, 28(4), 357-366.'
const CALIBRATION_REFERENCE =
  'Guo, C., Pleiss, G., Sun, Y., & Weinberger, K. Q. (2017). On calibration of modern neural networks. Proceedings of the 34th International Conference on Machine Learning, 1321-1330.'

function references({ models, settings }: MethodFacts): string[] {
  const attributions = [models.face, models.speech].flatMap((model) =>
    model && model.attribution !== '' ? [`${model.id}: ${model.attribution} (${model.licence})`] : [],
  )
  return [
    ...(models.speech ? [MFCC_REFERENCE] : []),
    CALIBRATION_REFERENCE,
    ...(settings.modalities.includes('fusion') ? [PRODUCT_REFERENCE] : []),
    ...attributions,
  ]
}
