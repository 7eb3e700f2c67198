import type {
  InterchangeAnnotation,
  InterchangeDocument,
  InterchangeStatus,
  InterchangeTier,
} from '../../../main/engine/interchange/document'

/** Seeded documents with everything in them that breaks naive exports. */

export class Dice {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** 0 to 1, by mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  whole(below: number): number {
    return Math.floor(this.next() * below)
  }

  of<T>(list: readonly T[]): T {
    const found = list[this.whole(list.length)]
    if (found === undefined) throw new Error('nothing to choose from')
    return found
  }

  chance(share: number): boolean {
    return this.next() < share
  }
}

const PIECES = [
  'anger',
  'Freude',
  'e\u0301\u0323', // combining marks in an order that normalisation would change
  'é',
  '👩‍🔬🎭',
  '🇩🇪',
  'שלום עולם',
  'مرحبا',
  '\u202Eoverride\u202C',
  '日本語',
  '"quoted"',
  '""',
  "it's",
  'a, b; c',
  'a\nb',
  'a\r\nb',
  '\ttab',
  '<tag attr="x">&amp;</tag>',
  ']]>',
  '&#0;',
  '%20%u0041',
  'key=value',
  '[[unmask id=1]]',
  '=SUM(A1)',
  "'=x",
  '-3.5',
  '+1',
  '@cmd',
  '! no comment',
  'intervals [1]:',
  '<exists>',
  'NaN',
  '1,5',
  'x|y',
  'a~b`c',
  '\u0001\u0007',
  '\uFFFE',
  '\u0085\u2028\u2029',
  'C:\\path\\x',
]

/** Never blank. */
export function textOf(dice: Dice): string {
  const count = 1 + dice.whole(3)
  const parts = Array.from({ length: count }, () => dice.of(PIECES))
  const text = parts.join(dice.of(['', ' ', '  ', '/']))
  return dice.chance(0.1) ? ` ${text} ` : text
}

const STATUSES: readonly InterchangeStatus[] = ['added', 'confirmed', 'edited', 'rejected', 'auto']

function annotationOf(
  dice: Dice,
  index: number,
  bounds: readonly [number, number],
  labels: readonly string[],
) {
  const [startSecs, endSecs] = bounds
  const annotation: InterchangeAnnotation = {
    id: dice.chance(0.9) ? `${index}-${dice.whole(1e9).toString(16)}` : `id ${textOf(dice)} ${index}`,
    startSecs,
    endSecs,
    label: dice.of(labels),
    comment: dice.chance(0.4) ? textOf(dice) : '',
    confidence: dice.chance(0.4) ? dice.whole(1_000_001) / 1e6 : null,
    status: dice.chance(0.5) ? 'added' : dice.of(STATUSES),
    orig: dice.chance(0.4)
      ? {
          segmentId: dice.chance(0.5) ? String(dice.whole(500)) : '',
          tier: dice.chance(0.5) ? textOf(dice) : '',
          label: textOf(dice),
          startSecs: dice.whole(2e6) / 1e6,
          endSecs: (3e6 + dice.whole(2e6)) / 1e6,
        }
      : null,
    editedAt: dice.chance(0.8) ? `2026-11-23T03:${10 + dice.whole(50)}:00.${100 + dice.whole(900)}Z` : '',
    modifier: dice.chance(0.1) ? dice.of(['fast', 'left|strong', 'None']) : '',
  }
  return annotation
}

function statesOf(dice: Dice, count: number): [number, number][] {
  const bounds: [number, number][] = []
  let atMicros = dice.whole(2e6)
  for (let index = 0; index < count; index++) {
    if (!dice.chance(0.4)) atMicros += 1 + dice.whole(3e6) // else it touches its predecessor
    // Some are shorter than a millisecond, some end on a whole one.
    const length = dice.chance(0.2)
      ? 1 + dice.whole(900)
      : dice.chance(0.3)
        ? 1000 * (1 + dice.whole(900))
        : 1 + dice.whole(5e6)
    bounds.push([atMicros / 1e6, (atMicros + length) / 1e6])
    atMicros += length
  }
  return bounds
}

/** @param isDense overlaps also within a tier */
export function documentOf(seed: number, isDense = false): InterchangeDocument {
  const dice = new Dice(seed)
  const labels = Array.from(new Set(Array.from({ length: 5 }, () => textOf(dice))))
  const tierCount = 1 + dice.whole(4)
  const tiers = Array.from({ length: tierCount }, (_, place): InterchangeTier => {
    const isPoints = dice.chance(0.3)
    const count = 1 + dice.whole(12)
    const bounds = isPoints
      ? Array.from({ length: count }, (): [number, number] => {
          const at = dice.chance(0.3) ? 1.5 : dice.whole(20e6) / 1e6
          return [at, at]
        })
      : statesOf(dice, count)
    if (isDense && !isPoints) bounds.push(...statesOf(dice, 5))
    const annotations = bounds.map((bound, index) => annotationOf(dice, place * 1000 + index, bound, labels))
    return {
      name: `${textOf(dice)}/manual/${place}`,
      subject: dice.chance(0.3) ? '' : textOf(dice),
      observer: textOf(dice),
      set: isPoints ? '' : dice.of(['emotion', 'gaze', textOf(dice)]),
      kind: isPoints ? 'points' : 'states',
      source: 'human',
      annotations,
    }
  })
  return {
    title: `clip ${textOf(dice)}`,
    durationSecs: 100 + dice.whole(1e6) / 1e6,
    media: [
      {
        path: `/videos/${dice.of(['a b', 'é', '#1', '100%'])}.mp4`,
        offsetSecs: 0,
        durationSecs: 100.04,
        fps: 25,
        hasVideo: true,
        hasAudio: true,
      },
    ],
    codes: labels.map((name, index) => ({
      kind: 'state',
      set: 'emotion',
      name,
      key: dice.chance(0.5) ? String(index + 1) : null,
      colour: '#1f77b4',
      description: dice.chance(0.5) ? textOf(dice) : '',
    })),
    variables: dice.chance(0.5)
      ? [
          {
            name: `v ${textOf(dice)}`,
            kind: 'text',
            choices: [],
            description: textOf(dice),
            value: textOf(dice),
          },
        ]
      : [],
    tiers,
    notices: [],
  }
}

/** What a segments table can hold. */
export function asTable(document: InterchangeDocument): InterchangeDocument {
  return {
    ...document,
    durationSecs: null,
    media: [],
    codes: [],
    variables: [],
    tiers: document.tiers.filter(({ annotations }) => annotations.length > 0),
  }
}
