import { join } from 'node:path'
import { UnmaskError } from '../../errors'
import { openBackend } from '../../inference/backend'
import type { SpeechCard } from '../../inference/card'
import { type LoadedSpeechModel, loadSpeechModel } from '../../inference/registry'
import type { ModelLabel } from '../../emotions'
import { networkInputSpec } from '../../speech/network-input'
import { writeCardMarkdown } from '../evaluation/card/card-markdown'
import { writeCurves } from '../evaluation/curves'
import { evaluatePredictions } from '../evaluation/evaluate-predictions'
import type { EvaluationReport } from '../evaluation/report-schema'
import type { Provenance } from '../training/run-folder'
import { metricsOf, crossvalMetrics } from './card-of-run'
import type { SpeechClip } from './clip-features'
import type { SpeechConfig } from './config'
import { type CrossvalSummary, figuresHash, readCrossval } from './crossval-report'
import { loadSpeechData, type SpeechData, withSpeech } from './load-data'
import { predictCopies } from './predict-clips'
import { meanCurves, megaFlopsOf } from './network-facts'
import { effectivePrior } from './prior'
import { windowPlanOf } from './recipe'
import { saveSpeechModel } from './save-model'
import { memberFolder, trainMember, type TrainedMember } from './train-member'

export interface TrainSpeechOptions {
  readonly dataPath: string
  readonly config: SpeechConfig
  /** The model folder to write. */
  readonly outFolder: string
  /** A model folder to start from: fine-tuning. */
  readonly fromFolder: string | null
  /** For features, checkpoints and curves. */
  readonly cacheFolder: string
  /** Where a cross-validation of the same configuration left its figures. */
  readonly figuresFolder: string
  readonly seed: number
  readonly isResumed: boolean
  readonly provenance: Provenance
  readonly signal?: AbortSignal
  readonly onMessage: (message: string) => void
}

const RAVDESS_LICENCE = 'CC BY-NC-SA 4.0 (trained on RAVDESS): non-commercial research only'
const RAVDESS_ATTRIBUTION =
  'Livingstone SR, Russo FA (2018) The Ryerson Audio-Visual Database of Emotional Speech and Song. PLoS ONE 13(5): e0196391'

/** Splits of a manifest whose clips are never trained on. */
const TEST_SPLIT = /^(test|valid|val|dev|eval)/i

/**
 * Trains the speech model on all of a data set but its test splits, fresh or from a model, and writes a model folder.
 * The figures of a fresh RAVDESS model are those of the cross-validation with the same configuration; those of any other
 * are of the test splits, and where there are none the card has none.
 */
export async function trainSpeech(options: TrainSpeechOptions): Promise<void> {
  const { config, outFolder, fromFolder, onMessage } = options
  const backend = await openBackend('tensorflow')
  onMessage(`backend ${backend.description}`)
  const base = fromFolder === null ? null : await loadSpeechModel(fromFolder)
  try {
    const data = await loadSpeechData({
      ...options,
      path: options.dataPath,
      ...(base && { labels: base.card.labels as ModelLabel[] }),
    })
    const resolved = base ? configOfModel(config, base) : config
    const training = withSpeech(data.clips.filter(({ split }) => !TEST_SPLIT.test(split ?? '')))
    const tested = data.clips.filter(({ split }) => TEST_SPLIT.test(split ?? ''))
    requireClips(training, data)
    onMessage(
      `${training.length} clips to train on, ${tested.length} to test on; labels ${data.labels.join(', ')}`,
    )
    const trained = await trainMembers(training, { ...options, config: resolved, data, base })
    try {
      const report =
        tested.length > 0 ? await testReport(trained, { training, tested, data, config: resolved }) : null
      const crossval = base || !data.isRavdess ? null : await figuresOf(options)
      const card = await saveSpeechModel({
        outFolder,
        trained,
        config: resolved,
        labels: data.labels,
        ...cardParts({ ...options, config: resolved, data, training, base, report, crossval }),
      })
      const curves = meanCurves(trained.map((member) => member.curves))
      await writeCurves(outFolder, curves, `${card.title}: mean of its networks`)
      await writeCardMarkdown(outFolder, card, {
        reports: [...(crossval ? [crossval.report] : []), ...(report ? [report] : [])],
        extra: {
          parameterCount: trained.reduce((sum, { network }) => sum + network.countParams(), 0),
          megaFlops: trained.reduce((sum, { network }) => sum + megaFlopsOf(network), 0),
          trainingWallSecs: trained
            .flatMap((member) => member.curves)
            .reduce((sum, { secs }) => sum + secs, 0),
          ...(crossval && { commands: [crossval.command] }),
          ...(!data.isRavdess && {
            data: ['Recordings that were given with a manifest; who made the model knows them.'],
          }),
        },
      })
    } finally {
      for (const { network } of trained) network.dispose()
    }
    onMessage(`wrote ${outFolder}`)
  } finally {
    base?.dispose()
  }
}

/** The architecture and the windows are the model's; how to train is the configuration's. */
function configOfModel(config: SpeechConfig, { card }: LoadedSpeechModel): SpeechConfig {
  const { windowSecs, hopSecs, minimumSpeechSecs } = card.input
  return {
    ...config,
    id: `${card.id}-tuned`,
    title: `${card.title}, fine-tuned`,
    windowSecs,
    hopSecs,
    minimumSpeechSecs,
    members: card.members.map(({ topology, ...member }, index) => ({
      name: topology.replace(/-?model\.json$/, '') || `member${index + 1}`,
      weight: member.weight,
      framesPerStep: member.framesPerStep,
      energyReference: member.energyReference,
      removeClipMean: member.removeClipMean,
      pitch: member.pitch,
      seedOffset: 0,
    })),
  }
}

interface MembersOptions extends TrainSpeechOptions {
  readonly data: SpeechData
  readonly base: LoadedSpeechModel | null
}

async function trainMembers(clips: readonly SpeechClip[], options: MembersOptions): Promise<TrainedMember[]> {
  const { config, base, cacheFolder, seed, data } = options
  const trained: TrainedMember[] = []
  try {
    for (const [index, member] of config.members.entries()) {
      const card = base?.card
      trained.push(
        await trainMember(clips, {
          ...options,
          member,
          labels: data.labels,
          name: member.name,
          runFolder: memberFolder(join(cacheFolder, base ? 'tune' : 'train', `seed${seed}`), member),
          ...(base &&
            card && {
              start: {
                network: base.networks[index]!,
                spec: networkInputSpec(card.input.features, card.members[index]!),
              },
            }),
        }),
      )
    }
    return trained
  } catch (error) {
    for (const { network } of trained) network.dispose()
    throw error
  }
}

function requireClips(training: readonly SpeechClip[], { labels }: SpeechData): void {
  const least = 4
  if (training.length < least)
    throw new UnmaskError(
      'data.invalid',
      `there are ${training.length} clips with speech to train on; at least ${least} are needed`,
    )
  const counts = labels.map((_, label) => training.filter((clip) => clip.label === label).length)
  if (counts.filter((count) => count > 0).length < 2)
    throw new UnmaskError('data.invalid', 'all clips to train on have one label; at least two are needed')
}

interface TestOptions {
  readonly training: readonly SpeechClip[]
  readonly tested: readonly SpeechClip[]
  readonly data: SpeechData
  readonly config: SpeechConfig
}

async function testReport(
  trained: readonly TrainedMember[],
  { training, tested, data, config }: TestOptions,
): Promise<EvaluationReport> {
  const total = trained.reduce((sum, { member }) => sum + member.weight, 0)
  const logits = tested.map(() => new Array<number>(data.labels.length).fill(0))
  for (const { network, spec, member } of trained) {
    const predictions = await predictCopies(
      network,
      tested.map(({ copies }) => copies[0]!),
      { spec, plan: windowPlanOf(config), classes: data.labels.length },
    )
    predictions.forEach((prediction, clip) =>
      prediction.logits.forEach((value, label) => (logits[clip]![label]! += (member.weight / total) * value)),
    )
  }
  const speakers = new Set(training.map(({ speaker }) => speaker))
  const shared = tested.filter(({ speaker }) => speaker !== '' && speakers.has(speaker)).length
  const who =
    shared > 0
      ? `${shared} of them of speakers who were also trained on, which flatters`
      : 'none of a speaker who was trained on, as far as speakers are named'
  return evaluatePredictions(
    {
      labels: data.labels,
      protocol: `${data.name}, ${tested.length} clips of the test splits, ${who}; windows of detected speech, logits averaged`,
      items: tested.map(({ id, speaker, label }, index) => ({
        id,
        group: speaker || id,
        truth: label,
        logits: logits[index]!,
      })),
    },
    { id: 'speech-test', name: 'Speech, test splits', method: 'speech-cnn', groupUnit: 'speaker' },
  )
}

/** Figures of the same configuration, or none. */
async function figuresOf({
  figuresFolder,
  config,
  onMessage,
}: TrainSpeechOptions): Promise<CrossvalSummary | null> {
  const summary = await readCrossval(figuresFolder)
  if (summary?.configHash === figuresHash(config)) return summary
  onMessage(
    `${summary ? 'the cross-validation there is of another configuration' : 'there is no cross-validation'}; the card gets no figures and temperature 1. Run unmask crossval speech first: ${figuresFolder}`,
  )
  return null
}

interface PartsOptions extends MembersOptions {
  readonly training: readonly SpeechClip[]
  readonly report: EvaluationReport | null
  readonly crossval: CrossvalSummary | null
}

function cardParts(
  options: PartsOptions,
): Pick<
  SpeechCard,
  'prior' | 'calibration' | 'metrics' | 'training' | 'licence' | 'attribution' | 'provenance'
> {
  const { base, crossval, report, data, config, training, seed, provenance } = options
  const speakers = [...new Set(training.map(({ speaker }) => speaker))].sort()
  const own = effectivePrior(config, data.labels, training)
  const rows = {
    dataSet: data.isRavdess ? 'ravdess' : 'manifest',
    ...(speakers.every((speaker) => speaker !== '') && { speakers }),
  }
  return {
    provenance,
    // After fine-tuning both data sets have left their mark; labels that the clips lack keep some of theirs.
    prior: base ? own.map((share, label) => (share + base.card.prior[label]!) / 2) : own,
    calibration: calibrationOf(base, crossval),
    metrics: [...(crossval ? crossvalMetrics(crossval) : []), ...(report ? metricsOf(report) : [])],
    training: {
      data: base ? `${base.card.training.data}; then ${data.name}` : `${data.name}, 16 kHz mono`,
      split:
        `${training.length} clips of ${speakers.length} speakers, ${config.training.epochs} epochs` +
        (crossval ? ', after four folds by actor gave the figures' : '') +
        (base ? `, starting from ${base.card.id}, batch normalisation and standardisation kept` : ''),
      seeds: [seed],
      rows: [...(base?.card.training.rows ?? []), rows],
    },
    licence: data.isRavdess ? RAVDESS_LICENCE : (base?.card.licence ?? "as the recordings' own licence says"),
    attribution: data.isRavdess ? RAVDESS_ATTRIBUTION : (base?.card.attribution ?? ''),
  }
}

function calibrationOf(
  base: LoadedSpeechModel | null,
  crossval: CrossvalSummary | null,
): SpeechCard['calibration'] {
  if (crossval) {
    const { clean, degraded, shipped } = crossval.temperature
    return {
      temperature: Number(shipped.toFixed(4)),
      protocol: `Least NLL on out-of-fold logits of all seeds: ${clean.toFixed(3)} on the clips as recorded, ${degraded.toFixed(3)} with noise of 10 dB or in a room; the larger is used. ${crossval.protocol}`,
    }
  }
  if (base)
    return {
      temperature: base.card.calibration.temperature,
      protocol: `That of ${base.card.id}, not fitted again after fine-tuning. ${base.card.calibration.protocol}`,
    }
  return { temperature: 1, protocol: 'Not calibrated: no cross-validation of this configuration was there.' }
}
