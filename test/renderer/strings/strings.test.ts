import { afterEach, describe, expect, it } from 'vitest'
import { type Catalogue, english, setLanguage, t } from '../../../renderer/strings'

afterEach(() => setLanguage('en', english))

describe('t', () => {
  it('fills in every parameter of every text that is given one', () => {
    for (const [key, message] of Object.entries(english)) {
      const texts = typeof message === 'string' ? [message] : Object.values(message as Record<string, string>)
      const names = texts.flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!))
      const params = Object.fromEntries(names.map((name) => [name, 2]))
      expect(t(key as keyof typeof english, params), key).not.toMatch(/[{}]/)
    }
  })

  it('has no empty text', () => {
    for (const [key, message] of Object.entries(english))
      expect(JSON.stringify(message).length, key).toBeGreaterThan(2)
  })

  it('takes another language whole', () => {
    const french = { ...english, 'nav.library': 'Bibliothèque' } as Catalogue
    setLanguage('fr', french)
    expect(t('nav.library')).toBe('Bibliothèque')
  })

  it('chooses the plural form of the language', () => {
    const counted = {
      ...english,
      'nav.library': { one: '{count} clip', other: '{count} clips' },
    } as Catalogue
    setLanguage('en', counted)
    expect([0, 1, 2].map((count) => t('nav.library', { count }))).toEqual(['0 clips', '1 clip', '2 clips'])
  })

  it('writes numbers as the language does', () => {
    setLanguage('de', { ...english, 'nav.library': '{count}' } as Catalogue)
    expect(t('nav.library', { count: 1234.5 })).toBe('1.234,5')
  })
})
