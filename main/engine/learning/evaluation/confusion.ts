/** Counts of items, or sums of their weights: rows are the true classes, columns the predicted ones. */
export type Confusion = readonly (readonly number[])[]

/**
 * @param truth class of each item, 0..classes-1
 * @param predicted shape as truth
 * @param weights how often each item counts; once unless given
 */
export function countConfusion(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  classes: number,
  weights?: ArrayLike<number>,
): Confusion {
  const counts = Array.from({ length: classes }, () => new Array<number>(classes).fill(0))
  for (let item = 0; item < truth.length; item++)
    counts[truth[item]!]![predicted[item]!]! += weights ? weights[item]! : 1
  return counts
}

export interface ClassFigures {
  /** Items whose true class it is. */
  readonly support: number
  /** Items that were given this class. */
  readonly predicted: number
  /** Null for a class that does not occur. */
  readonly recall: number | null
  /** Null for a class that was never predicted. */
  readonly precision: number | null
  /** Harmonic mean of the two, 2 hits / (support + predicted): 0 for one never predicted; null for one that does not occur. */
  readonly f1: number | null
}

export interface ClassificationFigures {
  /** Share of items right: accuracy, also called weighted average recall (WAR). */
  readonly accuracy: number
  /** Unweighted average recall: the mean over the classes that occur. */
  readonly uar: number
  /** Mean F1 over the classes that occur. */
  readonly macroF1: number
  readonly classes: readonly ClassFigures[]
}

/** Figures of a confusion matrix; NaN where there is no item at all. */
export function classificationFigures(confusion: Confusion): ClassificationFigures {
  const predicted = confusion.map((_, column) => sum(confusion.map((row) => row[column]!)))
  const classes = confusion.map((row, label): ClassFigures => {
    const support = sum(row)
    const hits = row[label]!
    const given = predicted[label]!
    return {
      support,
      predicted: given,
      recall: support > 0 ? hits / support : null,
      precision: given > 0 ? hits / given : null,
      f1: support > 0 ? (2 * hits) / (support + given) : null,
    }
  })
  const total = sum(predicted)
  return {
    accuracy: sum(confusion.map((row, label) => row[label]!)) / total,
    uar: meanOfKnown(classes.map(({ recall }) => recall)),
    macroF1: meanOfKnown(classes.map(({ f1 }) => f1)),
    classes,
  }
}

/** Share of each row's items in each column; a row of a class that does not occur is all null. */
export function rowShares(confusion: Confusion): (number | null)[][] {
  return confusion.map((row) => {
    const support = sum(row)
    return row.map((count) => (support > 0 ? count / support : null))
  })
}

function meanOfKnown(values: readonly (number | null)[]): number {
  const known = values.filter((value) => value !== null)
  return sum(known) / known.length
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
