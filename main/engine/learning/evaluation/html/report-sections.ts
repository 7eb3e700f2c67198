import { xmlText } from '../../../export/xml'
import { curvesGrid, type NamedCurves } from '../plots/curves-grid'
import { confusionPlot } from '../plots/confusion-plot'
import { reliabilityPlot } from '../plots/reliability-plot'
import { dataUri, greyPng } from '../grey-png'
import type { EvaluationReport } from '../report-schema'
import type { SampleFace } from '../sample-faces'
import { paragraph, table } from './page'
import { error, GLOSSARY, percent, plain, sentence, share } from './wording'

type Figures = NonNullable<EvaluationReport['seven']>

/** All evaluations of a page, each with its protocol. */
export function summaryTable(reports: readonly EvaluationReport[]): string {
  const row = (name: string, figures: Figures, note: string) => ({
    cells: [
      name,
      String(figures.count),
      share(figures.accuracy),
      share(figures.uar),
      percent(figures.macroF1.value),
      error(figures.eceEqualWidth),
      figures.nll.value.toFixed(3),
    ],
    note,
  })
  const rows = reports.flatMap((report) => {
    const { name, isProductFigure, protocol, calibration, seven } = report
    const own = row(
      isProductFigure ? name : `${name} (not the product's figure)`,
      report,
      `${sentence(protocol)} Calibration: ${calibration.protocol}.`,
    )
    if (!seven) return [own]
    return [
      own,
      row(`${name}, as seven`, seven, 'The same answers; calm counted as neutral, contempt dropped.'),
    ]
  })
  return table(['Evaluation', 'Items', 'Accuracy', 'UAR', 'Macro-F1', 'ECE', 'NLL'], rows)
}

/** One evaluation in full: confusion, reliability, classes, calibration, groups. */
export function reportSection(report: EvaluationReport): string[] {
  const { labels, confusion, calibration, reliability, groups, bootstrap } = report
  return [
    `<h2 id="${report.id}">${xmlText(report.name)}</h2>`,
    ...(report.isProductFigure ? [] : [paragraph("Not the product's figure: read the notes.", 'warn')]),
    paragraph(report.protocol, 'soft'),
    ...report.notes.map((note) => paragraph(note, 'soft')),
    ...(report.leftOut > 0
      ? [paragraph(`${report.leftOut} items without a known class are left out.`, 'soft')]
      : []),
    '<h3>Which emotion is taken for which</h3>',
    `<div class="plots">${confusionPlot(labels, confusion)}${classTable(report.classes)}</div>`,
    ...(report.seven ? sevenPart(report.seven) : []),
    '<h3>Whether its confidence can be believed</h3>',
    `<div class="plots">${reliabilityPlot(reliability.equalWidth, '15 bins of equal width')}${reliabilityPlot(reliability.equalCount, '15 bins of equally many items')}</div>`,
    paragraph(
      `${sentence(calibration.protocol)} Before: ECE ${error(calibration.before.eceEqualWidth)}, NLL ${calibration.before.nll.toFixed(3)}. ` +
        `After: ECE ${error(report.eceEqualWidth)} (equal width) and ${error(report.eceEqualCount)} (equal count), NLL ${plain(report.nll)}, Brier ${plain(report.brier)}.` +
        (calibration.shipped
          ? ` With the card's temperature ${calibration.shipped.temperature.toFixed(3)}: ECE ${error(calibration.shipped.eceEqualWidth)} and ${error(calibration.shipped.eceEqualCount)}, NLL ${calibration.shipped.nll.toFixed(3)}.`
          : ''),
    ),
    ...(calibration.kind === 'cross-fitted' ? [foldTable(calibration.folds)] : []),
    ...(report.withoutPrior
      ? [
          paragraph(
            `With the class shares that training left taken out, as for fusion: accuracy ${percent(report.withoutPrior.accuracy)}, ` +
              `UAR ${percent(report.withoutPrior.uar)}, ECE ${error(report.withoutPrior.eceEqualWidth)}.`,
          ),
        ]
      : []),
    ...seedPart(report.seeds),
    ...groupPart(report),
    paragraph(
      `${groups.count} groups (${groups.unit})${bootstrap ? `; intervals from ${bootstrap.resamples} resamples of them, seed ${bootstrap.seed}` : '; no intervals'}.`,
      'soft',
    ),
  ]
}

function classTable(classes: EvaluationReport['classes']): string {
  return table(
    ['Emotion', 'Items', 'Predicted', 'Recall', 'Precision', 'F1'],
    classes.map(({ label, support, predicted, recall, precision, f1 }) => ({
      cells: [label, String(support), String(predicted), percent(recall), percent(precision), percent(f1)],
    })),
  )
}

function sevenPart(seven: NonNullable<EvaluationReport['seven']>): string[] {
  return [
    '<h3>As the seven emotions of the application</h3>',
    paragraph(
      `Accuracy ${share(seven.accuracy)}, UAR ${share(seven.uar)}, ECE ${error(seven.eceEqualWidth)}.`,
    ),
    `<div class="plots">${confusionPlot(seven.labels, seven.confusion)}${classTable(seven.classes)}</div>`,
  ]
}

function foldTable(folds: EvaluationReport['calibration']['folds']): string {
  return table(
    ['Fold', 'Items', 'Temperature of the others', 'ECE (width)', 'ECE (count)', 'NLL'],
    folds.map(({ temperature, count, eceEqualWidth, eceEqualCount, nll }, index) => ({
      cells: [
        String(index + 1),
        String(count),
        temperature.toFixed(3),
        error(eceEqualWidth),
        error(eceEqualCount),
        nll.toFixed(3),
      ],
    })),
  )
}

function seedPart(seeds: EvaluationReport['seeds']): string[] {
  if (!seeds) return []
  const row = (
    name: string,
    pick: (run: { accuracy: number; uar: number; macroF1: number }) => number,
    spread: { mean: number; sd: number },
  ) => ({
    cells: [
      name,
      ...seeds.runs.map((run) => percent(pick(run))),
      `${percent(spread.mean)} (SD ${(100 * spread.sd).toFixed(1)})`,
    ],
  })
  return [
    '<h3>Runs that differ in their seed only</h3>',
    table(
      ['', ...seeds.runs.map(({ seed }) => `Seed ${seed}`), 'Mean'],
      [
        row('Accuracy', ({ accuracy }) => accuracy, seeds.accuracy),
        row('UAR', ({ uar }) => uar, seeds.uar),
        row('Macro-F1', ({ macroF1 }) => macroF1, seeds.macroF1),
      ],
    ),
  ]
}

function groupPart({ perGroup, groups }: EvaluationReport): string[] {
  if (perGroup.length < 2) return []
  return [
    `<h3>Each ${xmlText(groups.unit)}</h3>`,
    paragraph('The spread says how little the mean tells of the next one.', 'soft'),
    table(
      [groups.unit, 'Items', 'Accuracy', 'UAR'],
      perGroup.map(({ group, count, accuracy, uar }) => ({
        cells: [group, String(count), percent(accuracy), percent(uar)],
      })),
    ),
  ]
}

export function curvesSection(curves: readonly NamedCurves[]): string[] {
  if (curves.length === 0) return []
  return [
    '<h2 id="curves">Accuracy and loss while training</h2>',
    paragraph('After Fig. 7 of the paper: every run on the same axes.', 'soft'),
    `<div class="wide">${curvesGrid(curves)}</div>`,
  ]
}

/** The paper's Fig. 6. */
export function samplesSection(samples: readonly SampleFace[] | null, command: string): string[] {
  if (!samples) return []
  if (samples.length === 0)
    return [
      '<h2 id="samples">Sample predictions</h2>',
      paragraph(
        'The pictures of the test set are not passed on with this report, since their licence is not clear. ' +
          `Whoever has the data set gets this page with samples (the paper's Fig. 6) from: ${command}`,
        'soft',
      ),
    ]
  return [
    '<h2 id="samples">Sample predictions</h2>',
    paragraph(
      `After Fig. 6 of the paper: ${samples.filter(({ isRight }) => isRight).length} test faces that the model reads as the raters do (green) and ` +
        `${samples.filter(({ isRight }) => !isRight).length} that it does not (orange), drawn by seed and not chosen.`,
      'soft',
    ),
    `<ul class="faces">${samples.map(sampleItem).join('')}</ul>`,
  ]
}

function sampleItem(face: SampleFace): string {
  const { id, sidePx, pixels, label, majority, predicted, probability, isRight } = face
  const alt = `Face ${id}: ${isRight ? 'right' : 'wrong'}`
  return (
    `<li class="${isRight ? 'right' : 'wrong'}"><img alt="${xmlText(alt)}" src="${dataUri(greyPng(pixels, sidePx, sidePx))}">` +
    `<strong>${xmlText(predicted)} ${percent(probability, 0)}</strong><br>` +
    `${majority ? `raters: ${xmlText(majority)}<br>` : ''}${label ? `label: ${xmlText(label)}<br>` : ''}<small>${xmlText(id)}</small></li>`
  )
}

export function glossarySection(): string[] {
  return [
    '<h2 id="words">What the figures mean</h2>',
    `<dl>${GLOSSARY.map(([term, text]) => `<dt>${xmlText(term)}</dt><dd>${xmlText(text)}</dd>`).join('')}</dl>`,
  ]
}
