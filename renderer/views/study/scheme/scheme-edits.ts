import type { Code, CodeKind, CodingScheme, RatingDimension } from '../../../../preload/contract/annotation'
import { DEFAULT_EMOTION_COLOURS } from '../../../design/emotion-colours'

/** Changes of a coding scheme. Pure: each gives a new scheme. */

/** Ten colours that stay apart for colour-blind readers are not to be had; these go round, the emotions' own first. */
const COLOURS = [
  ...Object.values(DEFAULT_EMOTION_COLOURS).slice(1),
  '#7a5c3e',
  '#5f6b7a',
  '#c2478c',
  '#4f9d3a',
]

/** Codes that belong together, as the scheme's page shows them: a set of states, or the points. */
export interface CodeGroup {
  readonly kind: CodeKind
  /** '' for points. */
  readonly set: string
  readonly codes: readonly Code[]
}

/** Sets in the order in which they first appear, the points last; there is always a group for points. */
export function groupsOf({ codes }: CodingScheme): CodeGroup[] {
  const sets = [...new Set(codes.filter(({ kind }) => kind === 'state').map(({ set }) => set))]
  const states = sets.map((set): CodeGroup => ({
    kind: 'state',
    set,
    codes: codes.filter((code) => code.kind === 'state' && code.set === set),
  }))
  return [...states, { kind: 'point', set: '', codes: codes.filter(({ kind }) => kind === 'point') }]
}

/** A name that nobody has: "smile", "smile 2", "smile 3". */
export function freeName(wanted: string, taken: Iterable<string>): string {
  const names = new Set([...taken].map((name) => name.trim().toLowerCase()))
  if (!names.has(wanted.toLowerCase())) return wanted
  for (let number = 2; ; number++) {
    const name = `${wanted} ${number}`
    if (!names.has(name.toLowerCase())) return name
  }
}

/** The colour that the fewest codes have. */
export function freeColour(codes: readonly Code[]): string {
  const uses = (colour: string) => codes.filter((code) => code.colour.toLowerCase() === colour).length
  const [first = '#5f6b7a', ...others] = COLOURS
  return others.reduce((best, colour) => (uses(colour) < uses(best) ? colour : best), first)
}

export function withCode(
  scheme: CodingScheme,
  { kind, set, name, key }: { kind: CodeKind; set: string; name: string; key: string | null },
): CodingScheme {
  const code: Code = {
    id: crypto.randomUUID(),
    kind,
    set: kind === 'point' ? '' : set,
    name: freeName(
      name,
      scheme.codes.map((other) => other.name),
    ),
    key,
    colour: freeColour(scheme.codes),
    description: '',
  }
  return { ...scheme, codes: [...scheme.codes, code] }
}

export function changeCode(scheme: CodingScheme, id: string, change: Partial<Code>): CodingScheme {
  return { ...scheme, codes: scheme.codes.map((code) => (code.id === id ? { ...code, ...change } : code)) }
}

/** Gives a code a key, and takes it from whoever had it. */
export function takeKey(scheme: CodingScheme, id: string, key: string): CodingScheme {
  const codes = scheme.codes.map((code) =>
    code.id === id ? { ...code, key } : code.key === key ? { ...code, key: null } : code,
  )
  return { ...scheme, codes }
}

export function withoutCode(scheme: CodingScheme, id: string): CodingScheme {
  return { ...scheme, codes: scheme.codes.filter((code) => code.id !== id) }
}

/** Changes places with the neighbour of the same group. */
export function moveCode(scheme: CodingScheme, id: string, by: -1 | 1): CodingScheme {
  const code = scheme.codes.find((one) => one.id === id)
  if (!code) return scheme
  const group = scheme.codes.filter(({ kind, set }) => kind === code.kind && set === code.set)
  const neighbour = group[group.indexOf(code) + by]
  if (!neighbour) return scheme
  return {
    ...scheme,
    codes: scheme.codes.map((one) => (one === code ? neighbour : one === neighbour ? code : one)),
  }
}

export function renameSet(scheme: CodingScheme, set: string, name: string): CodingScheme {
  return {
    ...scheme,
    codes: scheme.codes.map((code) =>
      code.kind === 'state' && code.set === set ? { ...code, set: name } : code,
    ),
  }
}

export function withDimension(scheme: CodingScheme, name: string): CodingScheme {
  const dimension: RatingDimension = {
    id: crypto.randomUUID(),
    name: freeName(
      name,
      scheme.dimensions.map((other) => other.name),
    ),
    minimum: -1,
    maximum: 1,
    neutral: 0,
    lowLabel: '',
    highLabel: '',
    description: '',
  }
  return { ...scheme, dimensions: [...scheme.dimensions, dimension] }
}

export function changeDimension(
  scheme: CodingScheme,
  id: string,
  change: Partial<RatingDimension>,
): CodingScheme {
  const dimensions = scheme.dimensions.map((one) => (one.id === id ? { ...one, ...change } : one))
  return { ...scheme, dimensions }
}

export function withoutDimension(scheme: CodingScheme, id: string): CodingScheme {
  return { ...scheme, dimensions: scheme.dimensions.filter((one) => one.id !== id) }
}

export type RangeTrouble = 'notNumber' | 'order' | 'neutral'

/** What is wrong with a rating's range; null: nothing. */
export function rangeTrouble(range: {
  readonly minimum: number
  readonly maximum: number
  readonly neutral: number
}): RangeTrouble | null {
  const { minimum, maximum, neutral } = range
  if (![minimum, maximum, neutral].every(Number.isFinite)) return 'notNumber'
  if (minimum >= maximum) return 'order'
  return neutral < minimum || neutral > maximum ? 'neutral' : null
}

/** Moves an entry of a list by one place; at the ends nothing happens. */
export function moveIn<T>(list: readonly T[], index: number, by: -1 | 1): T[] {
  const result = [...list]
  const [one, other] = [result[index], result[index + by]]
  if (one === undefined || other === undefined) return result
  result[index] = other
  result[index + by] = one
  return result
}

/**
 * Puts another scheme in place of this one. What has the same name and kind keeps its id, so that what was coded with it
 * stays; everything else goes, which main refuses for what is in use.
 */
export function replaceScheme(scheme: CodingScheme, incoming: CodingScheme): CodingScheme {
  return {
    name: incoming.name,
    isLocked: scheme.isLocked,
    codes: withIds(incoming.codes, scheme.codes, (one, other) => one.kind === other.kind),
    dimensions: withIds(incoming.dimensions, scheme.dimensions),
  }
}

/** Adds what the other scheme has and this one has not, by name. A key that is taken is left out. */
export function extendScheme(scheme: CodingScheme, incoming: CodingScheme): CodingScheme {
  const newCodes = incoming.codes.filter(({ name }) => !scheme.codes.some((code) => isSame(code.name, name)))
  const newDimensions = incoming.dimensions.filter(
    ({ name }) => !scheme.dimensions.some((dimension) => isSame(dimension.name, name)),
  )
  const keys = new Set(scheme.codes.map(({ key }) => key))
  const codes = withIds(newCodes, scheme.codes).map((code) => ({
    ...code,
    key: keys.has(code.key) ? null : code.key,
  }))
  return {
    ...scheme,
    codes: [...scheme.codes, ...codes],
    dimensions: [...scheme.dimensions, ...withIds(newDimensions, scheme.dimensions)],
  }
}

interface Named {
  readonly id: string
  readonly name: string
}

/** Gives what comes the id of what is here under its name; its own where nothing else has that; else a new one. */
function withIds<T extends Named>(
  incoming: readonly T[],
  here: readonly T[],
  mayBe: (one: T, other: T) => boolean = () => true,
): T[] {
  const known = new Set(here.map(({ id }) => id))
  return incoming.map((item) => {
    const found = here.find((other) => isSame(other.name, item.name) && mayBe(other, item))
    return { ...item, id: found?.id ?? (known.has(item.id) ? crypto.randomUUID() : item.id) }
  })
}

const isSame = (one: string, other: string): boolean =>
  one.trim().toLowerCase() === other.trim().toLowerCase()
