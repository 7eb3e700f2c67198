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
  // So is the detector: a clip without pictures names none.
  const parameters = Object.assign(
    {},
    ...[...metas].reverse().map((meta) => meta.parameters),
  ) as ClipMeta['parameters']
  const facts: MethodFacts = { ...first, models, parameters }
  const sentences = [
    materialSentence(metas, failed),
    ...faceSentences(facts),
    ...speechSentences(facts),
    ...fusionSentences(facts),
    segmentSentence(first.settings),
    'Probabilities are model outputs calibrated by temperature scaling (Guo et al., 2017), not measurements of felt emotion; time without a reading is missing, not neutral.',
    'All parameters are in the meta.json file of each clip.',
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

const SEVEN = 'seven emotions (neutral, happiness, sadness, anger, fear, disgust, surprise)'

type MethodFacts = Pick<ClipMeta, 'models' | 'settings' | 'parameters'>

/** What is not the same for all clips and would make one paragraph wrong. */
function mixedFacts(metas: readonly ClipMeta[]): string[] {
  const facts: [name: string, value: (meta: ClipMeta) => unknown][] = [
    ['settings', ({ settings }) => settings],
    ['version of Unmask', ({ app }) => app.version],
    ['backend', ({ backend }) => backend.name],
    ['versions', (meta) => meta.versions],
    ['face model', ({ models }) => models.face],
    ['speech model', ({ models }) => models.speech],
    ['face detector', ({ parameters }) => parameters.faceAnalysis?.detector],
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
  const [first] = metas
  const program = first
    ? ` with Unmask ${first.app.version} (backend ${first.backend.name}; ${versions(first)})`
    : ''
  return `${plural(metas.length, 'clip')} (${minutes.toFixed(1)} min in total${remark}) ${metas.length === 1 ? 'was' : 'were'} analysed automatically${program}.`
}

function versions(meta: ClipMeta): string {
  return Object.entries(meta.versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')
}

function modelName(model: ModelFacts): string {
  const weights = model.files.at(-1)?.sha256.slice(0, 12) ?? ''
  return `the model "${model.title}" (${model.id}; weights sha256 ${weights}...; calibration temperature ${round(model.temperature)})`
}

/** Quoted, since cards say it in words or sentences of their own, "not published" among them. */
function trainingSentence(kind: 'face' | 'speech', { trainingData }: ModelFacts): string[] {
  const said = trainingData.trim().replace(/\.$/, '').replaceAll('"', "'")
  return said === '' ? [] : [`The card of the ${kind} model states as its training data: "${said}".`]
}

/** At most three decimals, without trailing zeros. */
function round(value: number): string {
  return String(Math.round(value * 1000) / 1000)
}

function faceSentences({ models, settings, parameters }: MethodFacts): string[] {
  if (!models.face) return []
  const rate =
    settings.framesPerSec === 'all'
      ? 'in every decoded frame'
      : `at ${round(settings.framesPerSec)} frames per second at most`
  const detector = parameters.faceAnalysis?.detector
  const named = typeof detector === 'string' ? ` (detector: ${detector})` : ''
  return [
    `Faces were detected${named} and tracked; for each face the probabilities of ${SEVEN} were estimated ${rate} by ${modelName(models.face)}.`,
    ...trainingSentence('face', models.face),
  ]
}

function speechSentences({ models, settings }: MethodFacts): string[] {
  if (!models.speech) return []
  const calm = models.speech.labels.includes('calm') ? '; its class calm was counted as neutral' : ''
  return [
    `Speech was located by voice activity detection; the probabilities of ${models.face ? 'the same seven emotions' : SEVEN} were estimated from mel-frequency cepstral coefficients (Davis & Mermelstein, 1980) in windows of ${round(settings.speech.windowSecs)} s every ${round(settings.speech.hopSecs)} s by ${modelName(models.speech)}${calm}.`,
    ...trainingSentence('speech', models.speech),
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
    `Face and speech were combined at decision level (Kittler et al., 1998) ${how}, each weighted at every moment by a reliability between 0 and 1 (face: detector score, size, pose, sharpness; speech: its share of the window, signal-to-noise ratio). Where only one modality was available it was used alone; moments at which no reliability reached ${round(fusion.minimumGate)} were left without a combined value.`,
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
  return `Episodes were defined as runs of one unsmoothed label after a centred majority vote over ${round(segments.voteWindowSecs)} s, joined over gaps of at most ${round(segments.mergeGapSecs)} s and no shorter than ${round(segments.minimumSecs)} s${threshold}.`
}

const PRODUCT_REFERENCE =
  'Kittler, J., Hatef, M., Duin, R. P. W., & Matas, J. (1998). On combining classifiers. IEEE Transactions on Pattern Analysis and Machine Intelligence, 20(3), 226-239.'
const MFCC_REFERENCE =
  'Davis, S., & Mermelstein, P. (1980). Comparison of parametric representations for monosyllabic word recognition in continuously spoken sentences. IEEE Transactions on Acoustics, Speech, and Signal Processing, 28(4), 357-366.'
const CALIBRATION_REFERENCE =
  'Guo, C., Pleiss, G., Sun, Y., & Weinberger, K. Q. (2017). On calibration of modern neural networks. Proceedings of the 34th International Conference on Machine Learning, 1321-1330.'

function references(facts: MethodFacts): string[] {
  const { models } = facts
  const attributions = [models.face, models.speech].flatMap((model) =>
    model && model.attribution !== '' ? [`${model.id}: ${model.attribution} (${model.licence})`] : [],
  )
  return [
    ...(models.speech ? [MFCC_REFERENCE] : []),
    CALIBRATION_REFERENCE,
    ...(fusionSentences(facts).length > 0 ? [PRODUCT_REFERENCE] : []),
    ...attributions,
  ]
}
