import type { Code, CodingScheme } from '../../../../preload/contract/annotation'

/** Codes as the pad shows them: each set of states for itself in the scheme's order, then the points. */
export interface PadGroup {
  readonly kind: 'state' | 'point'
  /** Name of the set; '' for points, and for states without one. */
  readonly set: string
  readonly codes: readonly Code[]
}

export function padGroups({ codes }: Pick<CodingScheme, 'codes'>): PadGroup[] {
  const sets = [...new Set(codes.filter(({ kind }) => kind === 'state').map(({ set }) => set))]
  const states = sets.map((set) => ({
    kind: 'state' as const,
    set,
    codes: codes.filter((code) => code.kind === 'state' && code.set === set),
  }))
  const points = codes.filter(({ kind }) => kind === 'point')
  return points.length === 0 ? states : [...states, { kind: 'point', set: '', codes: points }]
}
