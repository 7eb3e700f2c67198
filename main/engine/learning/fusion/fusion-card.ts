import { join } from 'node:path'
import { EMOTIONS } from '../../emotions'
import { AtomicFiles } from '../../export/atomic-file'
import { type FusionCard, fusionCardSchema } from '../../fusion/card'
import { fusionParametersSchema } from '../../fusion/parameters'
import type { FusionEvaluation } from './evaluate-fusion'
import type { FusionFigure } from './figures'

export interface FusionCardOptions {
  readonly evaluation: FusionEvaluation
  readonly id: string
  readonly models: FusionCard['choice']['models']
  readonly command: string
  readonly commit: string
}

/** Figures that a card quotes, by the ids of their reports. */
const QUOTED = [
  'real-8-product',
  'real-8-voice',
  'real-8-face',
  'real-8-average',
  'real-8-concat-same-class',
  'real-8-wrong-product-off',
  'real-8-wrong-product-quality-90',
  'real-8-wrong-product-oracle',
  'real-7-product',
  'simulated-7-product',
  'simulated-7-wrong-product-off',
  'simulated-7-wrong-product-oracle',
  'simulated-7-concat',
] as const

/** The card of the parameters that an evaluation chose. */
export function fusionCard({ evaluation, id, models, command, commit }: FusionCardOptions): FusionCard {
  const { choice } = evaluation
  return fusionCardSchema.parse({
    formatVersion: 1,
    task: 'fusion',
    id,
    title: 'Decision fusion of face and speech',
    description:
      "The gated product: each side's calibrated posterior with its own prior taken out, raised to exponent times gate, " +
      'multiplied with the prior of the result. No weights are trained.',
    licence: 'MIT (parameters); the figures rest on RAVDESS (CC BY-NC-SA 4.0) and FER2013',
    attribution:
      'Published outputs for the real pairs: Luna-Jimenez C et al. (2022), Applied Sciences 12(1), 327 (MMEmotionRecognition, MIT)',
    labels: [...EMOTIONS],
    labelMap: { calm: 'neutral', contempt: null },
    parameters: fusionParametersSchema.parse({
      faceExponent: choice.faceExponent,
      speechExponent: choice.speechExponent,
    }),
    choice: { protocol: choice.protocol, models },
    metrics: QUOTED.flatMap((wanted) => {
      const figure = evaluation.figures.find(({ report }) => report.id === wanted)
      return figure ? metricsOf(figure) : []
    }),
    provenance: { command, commit },
  })
}

const round = (value: number): number => Number(value.toFixed(4))

function metricsOf({ way, wrongShare, seedsOf, report }: FusionFigure): FusionCard['metrics'] {
  const { accuracy, uar, eceEqualWidth, seeds, labels, protocol } = report
  const classes = `${labels.length} classes`
  const what = `${way}${wrongShare > 0 ? `, ${Math.round(100 * wrongShare)}% wrong faces` : ''}`
  const spread = seeds
    ? `; mean ${round(seeds.accuracy.mean)}, SD ${round(seeds.accuracy.sd)} over ${seeds.runs.length} seeds of the ${seedsOf}`
    : ''
  const entry = (name: string, value: number, interval: [number, number] | null, note = '') => ({
    name: `${name} (${what}, ${classes})`,
    value: round(value),
    ...(interval && { interval: [round(interval[0]), round(interval[1])] }),
    protocol: `${protocol}${note}`,
  })
  return [
    entry('accuracy', accuracy.value, accuracy.interval, spread),
    entry('UAR', uar.value, uar.interval),
    entry('ECE', eceEqualWidth, null, '; 15 equal-width bins'),
  ] as FusionCard['metrics']
}

/** Writes card.json and CARD.md, both or neither. */
export async function writeFusionCard(folder: string, card: FusionCard, evaluation: FusionEvaluation) {
  const files = new AtomicFiles(folder)
  await files.write('card.json', [`${JSON.stringify(card, null, 2)}\n`])
  await files.write('CARD.md', [fusionCardText(card, evaluation)])
  await files.commit()
  return ['card.json', 'CARD.md'].map((name) => join(folder, name))
}

const percent = (value: number): string => (100 * value).toFixed(1)

/** CARD.md: the same for people. */
export function fusionCardText(card: FusionCard, { figures, choice, sensitivity }: FusionEvaluation): string {
  const { parameters } = card
  const { face, speech } = parameters.gates
  const ramp = ({ zeroAt, oneAt }: { zeroAt: number; oneAt: number }) => `0 at ${zeroAt}, 1 at ${oneAt}`
  const point = ({ faceExponent, speechExponent, accuracy }: typeof choice.best) =>
    `b = ${faceExponent} (face), ${speechExponent} (voice) at ${percent(accuracy)}%`
  return `# ${card.title}

${card.description}

    l_m(c) = log(${1 - parameters.floor} p_m(c) / rho_m(c) + ${parameters.floor})
    s(c)   = log rho_0(c) + ${parameters.faceExponent} g_face l_face(c) + ${parameters.speechExponent} g_voice l_voice(c)
    p(c)   = softmax(s)

p_m is the calibrated posterior of a model over ${card.labels.join(', ')}; calm counts as neutral, contempt is dropped and the rest
renormalised. rho_m is the class prior that training left in the model (its card says it), rho_0 the prior of the result:
${parameters.prior.map((share) => share.toFixed(3)).join(', ')}.

## Gates
- Face: detector score (${ramp(face.score)}) x size (${ramp(face.sizePx)} px) x pose (${ramp(face.poseDegrees)} degrees) x sharpness (${ramp(face.sharpness)}).
- Voice: share of speech in the window (${ramp(speech.share)}) x signal-to-noise ratio (${ramp(speech.snrDb)} dB).
- With both below ${parameters.minimumGate} there is no result. The ramps are set by reasoning, not fitted: no data here has measured gates.

## How the exponents were chosen
${choice.protocol}. There 1, 1 gave ${percent(choice.atOne.accuracy)}%, the best was ${point(choice.best)}; ${choice.faceExponent}, ${choice.speechExponent} stands.
Sensitivity: the real pairs themselves, on which nothing was chosen, would have preferred ${point(sensitivity.best)}, against ${percent(sensitivity.atOne.accuracy)}% at 1, 1.

## Figures
Real pairs are 1,200 audio-visual RAVDESS clips: own out-of-fold speech outputs with the published outputs of a visual model on
the same clips, since no own face model can be run on them here. Simulated pairs join a face of FER2013 PublicTest with an
out-of-fold utterance of the same class; they are not recordings of one person. Accuracy and UAR in percent, 95% interval by
bootstrap over actors, ECE with 15 equal-width bins. Wrong faces are those of another clip of another class, drawn by seed (mean
over the draws in brackets); the gates there are simulated as said.

${figureTable(figures)}

## Limits
- RAVDESS is posed, acted, two sentences, North American English, twenty actors here; its speakers are young adults. FER2013 is
  scraped from the web, with labels that raters dispute. Children, old people and other languages are missing.
- The real pairs' visual model was trained on RAVDESS actors; a face model from FER2013 sees such clips for the first time and does
  worse there. Read the real pairs as what fusion adds to given sides, not as the product's accuracy on film.
- A fused label is a description of an expression, not of what a person feels.

Intended: research on posed or spontaneous recordings whose people agreed, with the single modalities read beside the fused one.
Not intended: decisions about persons.

Made by \`${card.provenance.command}\`, commit ${card.provenance.commit}; sides: ${card.choice.models.face} and ${card.choice.models.speech}.
Licence: ${card.licence}. ${card.attribution}.
`
}

function figureTable(figures: readonly FusionFigure[]): string {
  const rows = figures.map(({ pairs, sides, way, gates, wrongShare, report }) => {
    const { accuracy, uar, eceEqualWidth, seeds, labels } = report
    const interval = accuracy.interval
      ? ` (${percent(accuracy.interval[0])} to ${percent(accuracy.interval[1])})`
      : ''
    const spread = seeds ? ` [${percent(seeds.accuracy.mean)} +- ${percent(seeds.accuracy.sd)}]` : ''
    return `| ${pairs}, ${sides} | ${labels.length} | ${way} | ${gates || '-'} | ${wrongShare > 0 ? `${Math.round(100 * wrongShare)}%` : '-'} | ${percent(accuracy.value)}${interval}${spread} | ${percent(uar.value)} | ${eceEqualWidth.toFixed(3)} |`
  })
  return [
    '| pairs | classes | way | gates | wrong faces | accuracy | UAR | ECE |',
    '|---|---|---|---|---|---|---|---|',
    ...rows,
  ].join('\n')
}
