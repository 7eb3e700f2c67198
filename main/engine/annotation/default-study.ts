import { randomUUID } from 'node:crypto'
import type { CodingScheme, Study } from '../../../preload/contract/annotation'
import { EMOTION_SET } from '../../../preload/contract/tier-rules'
import { EMOTIONS } from '../emotions'

/** In canonical order; the palette of the window, which a test keeps equal. */
const EMOTION_COLOURS: Readonly<Record<(typeof EMOTIONS)[number], string>> = {
  neutral: '#a4aab2',
  happiness: '#f2b008',
  sadness: '#1257de',
  anger: '#b94a05',
  fear: '#8f398b',
  disgust: '#0f6a48',
  surprise: '#38b4f7',
}

/** The scheme that a project begins with: the seven emotions on keys 1 to 7, valence and arousal. */
export function defaultScheme(): CodingScheme {
  return {
    name: 'Seven emotions',
    isLocked: false,
    codes: EMOTIONS.map((name, index) => ({
      // The same in every project, so that copies and merged projects mean the same code.
      id: `emotion-${name}`,
      kind: 'state',
      set: EMOTION_SET,
      name,
      key: String(index + 1),
      colour: EMOTION_COLOURS[name],
      description: '',
    })),
    dimensions: [
      {
        id: 'rating-valence',
        name: 'valence',
        minimum: -1,
        maximum: 1,
        neutral: 0,
        lowLabel: 'unpleasant',
        highLabel: 'pleasant',
        description: 'How pleasant the person seems to feel.',
      },
      {
        id: 'rating-arousal',
        name: 'arousal',
        minimum: -1,
        maximum: 1,
        neutral: 0,
        lowLabel: 'calm',
        highLabel: 'excited',
        description: 'How activated the person seems.',
      },
    ],
  }
}

export function defaultStudy(): Study {
  return { scheme: defaultScheme(), observers: [], subjects: [], variables: [] }
}

export function newId(): string {
  return randomUUID()
}
