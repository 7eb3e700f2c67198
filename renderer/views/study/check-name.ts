import { t } from '../../strings'

/** Checks names that must be there and be one of a kind, letter case aside. @param others names of all the others */
export function nameCheck(others: () => readonly string[]): (text: string) => string | null {
  return (text) => {
    if (text === '') return t('study.name.missing')
    const isTaken = others().some((name) => name.toLowerCase() === text.toLowerCase())
    return isTaken ? t('study.name.taken', { name: text }) : null
  }
}
