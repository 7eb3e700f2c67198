import { shallowRef } from 'vue'
import { type Platform, isChord } from './chord'
import {
  type Command,
  type CommandId,
  commandsFor,
  FIXED_CHORDS,
  RESERVED_CHORDS,
  type Scope,
} from './commands'

/** Chords of commands as the settings store them: command id to those in place of its own. */
export type KeyOverrides = Readonly<Record<string, readonly string[]>>

export interface KeyMap {
  readonly commands: readonly Command[]
  /** Chords of a command, the one to show first. */
  chords(id: CommandId): readonly string[]
  /** The command that a chord means in a scope; its own commands go before those of everywhere. */
  find(chord: string, scope: Scope): Command | null
}

export function createKeyMap(platform: Platform, overrides: KeyOverrides = {}): KeyMap {
  const commands = commandsFor(platform)
  const chordsById = new Map<CommandId, readonly string[]>()
  const byScope = new Map<string, Command>()
  for (const command of commands) {
    const chords = overrides[command.id]?.filter(isChord) ?? command.chords
    chordsById.set(command.id, chords)
    for (const chord of chords) byScope.set(`${command.scope} ${chord}`, command)
  }
  return {
    commands,
    chords: (id) => chordsById.get(id) ?? [],
    find: (chord, scope) => byScope.get(`${scope} ${chord}`) ?? byScope.get(`everywhere ${chord}`) ?? null,
  }
}

export type ChordTrouble =
  | { readonly kind: 'taken'; readonly by: CommandId }
  | { readonly kind: 'reserved' }
  | { readonly kind: 'fixed' }
  /** Allowed, but while coding is on the key means the code. */
  | { readonly kind: 'code'; readonly by: string }

/** A code of the scheme, as far as keys go. */
export interface CodeKey {
  readonly name: string
  readonly key: string | null
}

/**
 * Why a command may not have a chord, or what it would lose by it; null where nothing speaks against it. Commands of two different views
 * may share one.
 * @param codes of the open project: their keys go before commands while coding is on
 */
export function troubleWith(
  map: KeyMap,
  id: CommandId,
  chord: string,
  codes: readonly CodeKey[] = [],
): ChordTrouble | null {
  if (FIXED_CHORDS.includes(chord)) return { kind: 'fixed' }
  const scope = map.commands.find((command) => command.id === id)?.scope ?? 'everywhere'
  const isNearLabels = scope === 'analyse' || scope === 'everywhere'
  if (isNearLabels && RESERVED_CHORDS.includes(chord)) return { kind: 'reserved' }
  const rival = map.commands.find(
    (other) => other.id !== id && canMeet(scope, other.scope) && map.chords(other.id).includes(chord),
  )
  if (rival) return { kind: 'taken', by: rival.id }
  const code = isNearLabels ? codeWithKey(codes, chord) : undefined
  return code ? { kind: 'code', by: code.name } : null
}

const codeWithKey = (codes: readonly CodeKey[], chord: string): CodeKey | undefined =>
  codes.find(({ key }) => key?.toUpperCase() === chord.toUpperCase())

export interface ChordConflict {
  readonly chord: string
  readonly commands: readonly [CommandId, CommandId]
}

/** Pairs of commands that one chord would mean at once. */
export function conflictsOf(map: KeyMap): ChordConflict[] {
  const found: ChordConflict[] = []
  for (const [index, one] of map.commands.entries())
    for (const other of map.commands.slice(index + 1))
      for (const chord of map.chords(one.id))
        if (canMeet(one.scope, other.scope) && map.chords(other.id).includes(chord))
          found.push({ chord, commands: [one.id, other.id] })
  return found
}

const canMeet = (one: Scope, other: Scope) => one === other || one === 'everywhere' || other === 'everywhere'

const overridesInUse = shallowRef<KeyOverrides>({})

/** The settings' key overrides, for whoever shows or listens to keys. */
export const storedOverrides: Readonly<typeof overridesInUse> = overridesInUse

export function setStoredOverrides(overrides: KeyOverrides): void {
  overridesInUse.value = overrides
}
