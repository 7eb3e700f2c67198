import type { ModelLabel } from '../../emotions'
import type { SpeechCard, SpeechMember } from '../../inference/card'
import type { NetworkInputSpec } from '../../speech/network-input'
import type { EvaluationReport } from '../evaluation/report-schema'
import type { Provenance } from '../training/run-folder'
import type { SpeechConfig } from './config'
import type { CrossvalSummary } from './crossval-report'

const round = (value: number, digits: number) => Number(value.toFixed(digits))

export interface CardOptions {
  readonly config: SpeechConfig
  readonly labels: readonly ModelLabel[]
  readonly members: readonly {
    readonly topology: string
    readonly weight: number
    readonly spec: NetworkInputSpec
  }[]
  readonly parameterCount: number
  readonly prior: readonly number[]
  readonly calibration: SpeechCard['calibration']
  readonly metrics: SpeechCard['metrics']
  readonly training: SpeechCard['training']
  readonly licence: string
  readonly attribution: string
  readonly provenance: Provenance
  readonly files: readonly { readonly name: string; readonly sha256: string }[]
}

export function speechCard(options: CardOptions): SpeechCard {
  const { config, members } = options
  const mfcc = members[0]!.spec.mfcc
  return {
    formatVersion: 1,
    task: 'speech-emotion',
    id: config.id,
    title: config.title,
    description:
      `${members.length === 1 ? 'A one-dimensional CNN' : `${members.length} one-dimensional CNNs`} with attention over ${config.windowSecs} s of ` +
      `MFCC, energy${members.some(({ spec }) => spec.pitch) ? ', pitch' : ''} and their differences, ${options.parameterCount} parameters together. ` +
      'What it knows of emotion is acted; read figures and limits before trusting it on others.',
    licence: options.licence,
    attribution: options.attribution,
    labels: [...options.labels],
    output: 'logits',
    outputIndex: 0,
    prior: [...options.prior],
    calibration: options.calibration,
    training: options.training,
    metrics: options.metrics,
    provenance: options.provenance,
    files: [...options.files],
    input: {
      sampleRateHz: mfcc.sampleRateHz,
      features: { ...mfcc },
      windowSecs: config.windowSecs,
      hopSecs: config.hopSecs,
      minimumSpeechSecs: config.minimumSpeechSecs,
    },
    members: members.map(memberOfCard),
  }
}

function memberOfCard({ topology, weight, spec }: CardOptions['members'][number]): SpeechMember {
  const { framesPerStep, steps, coefficients, pitch, energyReference, removeClipMean } = spec
  return {
    topology,
    weight,
    framesPerStep,
    steps,
    coefficients,
    pitch,
    energyReference,
    removeClipMean,
    standardisation: {
      mean: Array.from(spec.mean, (value) => round(value, 6)),
      sd: Array.from(spec.sd, (value) => round(value, 6)),
    },
    hasMask: true,
  }
}

/** The figures that stand in a card, each with its protocol. */
export function metricsOf(report: EvaluationReport): SpeechCard['metrics'] {
  const classes = `${report.labels.length} classes`
  const metric = (
    name: string,
    { value, interval }: { value: number; interval: readonly [number, number] | null },
    note = '',
  ): SpeechCard['metrics'][number] => ({
    name,
    value: round(value, 4),
    ...(interval && { interval: [round(interval[0], 4), round(interval[1], 4)] as [number, number] }),
    protocol: note ? `${report.protocol}; ${note}` : report.protocol,
  })
  const plain = (value: number) => ({ value, interval: null })
  const calibrated = report.calibration.protocol
  const seven = report.seven
  return [
    metric(`UAR (${classes})`, report.uar),
    metric(`WAR (${classes})`, report.accuracy),
    metric(`macro-F1 (${classes})`, report.macroF1),
    ...(seven
      ? [
          metric('UAR (7 classes)', seven.uar, 'calm counted as neutral'),
          metric('WAR (7 classes)', seven.accuracy, 'calm counted as neutral'),
        ]
      : []),
    metric(`ECE (${classes}, 15 equal-width bins)`, plain(report.eceEqualWidth), calibrated),
    metric(`ECE (${classes}, 15 equal-count bins)`, plain(report.eceEqualCount), calibrated),
    metric(`NLL (${classes}, nats)`, report.nll, calibrated),
    ...report.classes.flatMap(({ label, recall }) =>
      recall === null ? [] : [metric(`recall: ${label}`, plain(recall))],
    ),
  ]
}

/** Those of a cross-validation: over seeds first. */
export function crossvalMetrics(summary: CrossvalSummary): SpeechCard['metrics'] {
  const { report, uar, protocol, seeds } = summary
  const over = (name: string, { mean, sd, runs }: CrossvalSummary['uar']['ensemble'], note = '') => ({
    name,
    value: round(mean, 4),
    protocol: `${protocol}; mean of ${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'} (${runs.map((run) => (100 * run).toFixed(1)).join(', ')}; SD ${(100 * sd).toFixed(1)})${note}`,
  })
  const classes = `${report.labels.length} classes`
  return [
    over(`mean UAR over seeds (${classes})`, uar.ensemble),
    over(`UAR in noise of 10 dB (${classes})`, uar.noise, '; white to falling noise added to the test clips'),
    over(`UAR in a room (${classes})`, uar.room, '; test clips in a simulated room of 0.5 s decay'),
    ...Object.entries(uar.members).map(([name, figures]) =>
      over(`UAR of network ${name} alone (${classes})`, figures),
    ),
    ...metricsOf(report),
  ]
}
