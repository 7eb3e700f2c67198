import type { z } from 'zod'
import type { Settings, SettingsPatch } from '../../../preload/contract/settings'
import { NUMBER_RANGES, type NumberRange } from '../../../preload/contract/settings-ranges'
import { UnmaskError } from '../../engine/errors'
import { describeRange, settingsSchema, valueAt } from './settings-schema'
import { difference, isTree, overlay, type Tree, unknownPaths, without } from './settings-tree'

/** Commands are many and views bring their own: the file does not judge their names. */
const isOpen = (path: string) => path === 'keys'

/**
 * Settings with a change.
 * @throws UnmaskError 'usage.invalid' naming field, value and range
 */
export function applyPatch(settings: Settings, patch: SettingsPatch | Tree): Settings {
  const [unknown] = unknownPaths(patch, settings, isOpen)
  if (unknown !== undefined) throw new UnmaskError('usage.invalid', `${unknown}: there is no such setting`)
  const merged = overlay(settings, patch) as Tree
  if (isTree(merged['keys']))
    merged['keys'] = Object.fromEntries(Object.entries(merged['keys']).filter(([, chord]) => chord !== null))
  const parsed = settingsSchema.safeParse(merged)
  if (parsed.success) return parsed.data
  throw new UnmaskError('usage.invalid', describeIssue(parsed.error, merged))
}

export interface Recovered {
  readonly settings: Settings
  /** Fields whose values could not be used. */
  readonly invalid: readonly string[]
  /** Fields that this version does not know. */
  readonly unknown: readonly string[]
}

/** Settings from what a file says beyond the defaults: whatever can be used is used. */
export function recoverSettings(stored: Tree, defaults: Settings): Recovered {
  const unknown = unknownPaths(stored, defaults, isOpen)
  let usable: unknown = unknown.reduce<unknown>((tree, path) => without(tree, path.split('.')), stored)
  const invalid: string[] = []
  for (;;) {
    const parsed = settingsSchema.safeParse(overlay(defaults, usable))
    if (parsed.success) return { settings: parsed.data, invalid, unknown }
    const path = treePath(parsed.error.issues[0]?.path ?? [])
    const section = path.slice(0, 1)
    const left = [path, section].map((part) => without(usable, part)).find((tree) => tree !== usable)
    invalid.push(path.join('.') || 'settings')
    usable = left ?? {}
  }
}

/** What the file needs to hold: the rest are defaults, which may become better ones. */
export function storedForm(settings: Settings, defaults: Settings): Tree {
  const own = difference(settings, defaults)
  return { formatVersion: settings.formatVersion, ...(isTree(own) ? own : {}) }
}

function describeIssue(error: z.ZodError, merged: Tree): string {
  const issue = error.issues[0]
  const path = treePath(issue?.path ?? [])
  const name = path.join('.')
  const range: NumberRange | undefined = Object.hasOwn(NUMBER_RANGES, name)
    ? NUMBER_RANGES[name as keyof typeof NUMBER_RANGES]
    : undefined
  const value = JSON.stringify(valueAt(merged, path))
  const rule = range ? `must be ${describeRange(range)}` : (issue?.message ?? 'cannot be used')
  return `${name}: ${rule}; it is ${value}`
}

/** Names down to the innermost tree: places in a list are changed only with the list. */
function treePath(path: readonly PropertyKey[]): string[] {
  const end = path.findIndex((step) => typeof step !== 'string')
  return (end < 0 ? path : path.slice(0, end)).map(String)
}
