/** What can be wrong with a recording that still decodes. */
export type DamageKind = 'read' | 'packet' | 'decode' | 'picture' | 'order' | 'clock' | 'short'

/** Passes on the first damage of each kind: a broken stretch gives thousands of the same. */
export class DamageReport {
  private readonly seen = new Set<DamageKind>()

  constructor(private readonly onDamage: ((reason: string) => void) | undefined) {}

  /** True once anything was reported. */
  get isDamaged(): boolean {
    return this.seen.size > 0
  }

  report(kind: DamageKind, reason: string): void {
    if (this.seen.has(kind)) return
    this.seen.add(kind)
    this.onDamage?.(reason)
  }
}
