import { type ModelLabel, canonicalLabel } from '../../emotions'

/** Spellings that folders and lists of other data sets use, beside those of `canonicalLabel`. */
const SPELLINGS: ReadonlyMap<string, ModelLabel> = new Map([
  ['neu', 'neutral'],
  ['neutrality', 'neutral'],
  ['hap', 'happiness'],
  ['joyful', 'happiness'],
  ['sadly', 'sadness'],
  ['ang', 'anger'],
  ['fea', 'fear'],
  ['afraid', 'fear'],
  ['fearfulness', 'fear'],
  ['dis', 'disgust'],
  ['disgusting', 'disgust'],
  ['sur', 'surprise'],
  ['surprize', 'surprise'],
  ['suprise', 'surprise'],
  ['contemptuous', 'contempt'],
])

/**
 * Canonical name of a label as a person or data set spells it: any case, spaces around, a number in front ("03_happy");
 * null when it is none of ours, a number alone included (data sets count in different orders).
 */
export function labelOf(name: string): ModelLabel | null {
  const key = name
    .normalize('NFC')
    .trim()
    .toLowerCase()
    .replace(/^\d+[\s._-]*/, '')
  return canonicalLabel(key) ?? SPELLINGS.get(key) ?? null
}
