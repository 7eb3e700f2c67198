import { english, type StringKey, t } from '../../strings'

/** What a person can do about a fault, in one sentence. */
export function adviceFor(code: string): string {
  const key = `advice.${code}`
  return t(isKey(key) ? key : 'advice.other')
}

function isKey(key: string): key is StringKey {
  return Object.hasOwn(english, key)
}
