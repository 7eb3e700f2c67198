import type { Migration, Versions } from '../../engine/project/migrations'
import { SETTINGS_VERSION } from './settings-schema'
import { isTree } from './settings-tree'

/** Version 1 had one key a command, '' for none. */
const severalKeys: Migration = (content) => {
  const { keys } = content
  if (!isTree(keys)) return content
  const lists = Object.entries(keys).map(([id, chord]) => [id, chord === '' ? [] : [chord]])
  return { ...content, keys: Object.fromEntries(lists) }
}

export const MIGRATIONS: Versions = {
  what: 'settings file',
  current: SETTINGS_VERSION,
  steps: { 1: severalKeys },
}
