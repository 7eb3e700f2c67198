import { describe, expect, it } from 'vitest'
import { defaultScheme } from '../../../../main/engine/annotation/default-study'
import { codingSchemeSchema } from '../../../../main/engine/annotation/schema'
import type { CodingScheme } from '../../../../preload/contract/annotation'
import { createKeyMap } from '../../../../renderer/keys/key-map'
import {
  chordsBeside,
  codeKeyOf,
  commandOn,
  freeKey,
  rivalOf,
} from '../../../../renderer/views/study/scheme/code-keys'
import {
  changeCode,
  extendScheme,
  freeName,
  groupsOf,
  moveCode,
  moveIn,
  rangeTrouble,
  renameSet,
  replaceScheme,
  takeKey,
  withCode,
  withDimension,
  withoutCode,
} from '../../../../renderer/views/study/scheme/scheme-edits'
import { PRESETS, presetScheme } from '../../../../renderer/views/study/scheme/scheme-presets'

const emotions = presetScheme('emotions')
const names = ({ codes }: CodingScheme) => codes.map(({ name }) => name).join(' ')
const idOf = (scheme: CodingScheme, name: string) => scheme.codes.find((code) => code.name === name)?.id

describe('presets', () => {
  it.each(PRESETS)('%s is a scheme that main takes', (name) => {
    expect(codingSchemeSchema.safeParse(presetScheme(name)).success).toBe(true)
  })

  it('of emotions and ratings are what new projects begin with', () => {
    const { codes, dimensions } = defaultScheme()
    expect([...emotions.codes, ...presetScheme('affect').dimensions]).toEqual([...codes, ...dimensions])
  })

  it('emotions have the canonical names, so that proposals can be confirmed with them', () => {
    expect(names(emotions)).toBe('neutral happiness sadness anger fear disgust surprise')
  })
})

describe('codes', () => {
  it('come with a name, key and colour of their own', () => {
    let scheme = emotions
    for (let count = 0; count < 40; count++)
      scheme = withCode(scheme, {
        kind: count % 2 ? 'state' : 'point',
        set: 'gaze',
        name: 'new',
        key: freeKey(scheme.codes, createKeyMap('linux')),
      })
    expect(codingSchemeSchema.safeParse(scheme).success).toBe(true)
    expect(scheme.codes).toHaveLength(47)
    expect(groupsOf(scheme).map(({ kind, set, codes }) => [kind, set, codes.length])).toEqual([
      ['state', 'emotion', 7],
      ['state', 'gaze', 20],
      ['point', '', 20],
    ])
  })

  it('change places within their set alone', () => {
    const mixed = withCode(withCode(emotions, { kind: 'point', set: '', name: 'blink', key: null }), {
      kind: 'state',
      set: 'emotion',
      name: 'contempt',
      key: null,
    })
    const moved = moveCode(mixed, idOf(mixed, 'contempt')!, -1)
    expect(names(moved)).toBe('neutral happiness sadness anger fear disgust contempt blink surprise')
    expect(moveCode(mixed, idOf(mixed, 'blink')!, -1)).toEqual(mixed)
    expect(moveCode(emotions, 'emotion-neutral', -1)).toEqual(emotions)
    expect(moveCode(emotions, 'none', 1)).toEqual(emotions)
  })

  it('are changed, moved to another set by its name, and taken out by id', () => {
    expect(names(withoutCode(changeCode(emotions, 'emotion-fear', { name: 'Angst' }), 'emotion-anger'))).toBe(
      'neutral happiness sadness Angst disgust surprise',
    )
    expect(groupsOf(renameSet(emotions, 'emotion', 'affect'))[0]?.set).toBe('affect')
  })

  it('give up a key that another takes over', () => {
    const scheme = takeKey(emotions, 'emotion-fear', '4')
    expect(scheme.codes.map(({ key }) => key)).toEqual(['1', '2', '3', null, '4', '6', '7'])
    expect(codingSchemeSchema.safeParse(scheme).success).toBe(true)
  })

  it('find a free name whatever the case', () => {
    expect(freeName('smile', [])).toBe('smile')
    expect(freeName('smile', ['Smile', 'smile 2 '])).toBe('smile 3')
  })
})

describe('another scheme', () => {
  const incoming: CodingScheme = {
    ...presetScheme('affect'),
    codes: [
      { ...emotions.codes[3]!, id: 'foreign', name: 'Anger', key: 'A' },
      { ...emotions.codes[0]!, id: 'emotion-fear', name: 'boredom', key: '1' },
    ],
  }

  it('in place of this one keeps the ids of what has the same name', () => {
    const replaced = replaceScheme({ ...emotions, isLocked: true }, incoming)
    expect(replaced.codes[0]).toMatchObject({ id: 'emotion-anger', name: 'Anger', key: 'A' })
    // The id of fear would say that fear was renamed.
    expect(replaced.codes[1]?.id).not.toBe('emotion-fear')
    expect(replaced.dimensions.map(({ id }) => id)).toEqual(['rating-valence', 'rating-arousal'])
    expect(replaced.isLocked).toBe(true)
    expect(codingSchemeSchema.safeParse(replaced).success).toBe(true)
  })

  it('beside this one adds what is missing, without the keys that are taken', () => {
    const extended = extendScheme(emotions, incoming)
    expect(names(extended)).toBe(`${names(emotions)} boredom`)
    expect(extended.codes[7]?.key).toBeNull()
    expect(extended.codes.slice(0, 7)).toEqual(emotions.codes)
    expect(extendScheme(extended, incoming)).toEqual(extended)
  })

  it('that is the same changes nothing', () => {
    expect(replaceScheme(emotions, presetScheme('emotions'))).toEqual(emotions)
  })
})

describe('ratings', () => {
  it('have a range that is one', () => {
    expect(codingSchemeSchema.safeParse(withDimension(emotions, 'pain')).success).toBe(true)
    expect(rangeTrouble({ minimum: 0, maximum: 10, neutral: 0 })).toBeNull()
    expect(rangeTrouble({ minimum: 10, maximum: 0, neutral: 5 })).toBe('order')
    expect(rangeTrouble({ minimum: 0, maximum: 10, neutral: 11 })).toBe('neutral')
    expect(rangeTrouble({ minimum: NaN, maximum: 10, neutral: 1 })).toBe('notNumber')
  })

  it('change places, and stay at the ends', () => {
    expect(moveIn(['a', 'b', 'c'], 1, 1)).toEqual(['a', 'c', 'b'])
    expect(moveIn(['a', 'b'], 1, 1)).toEqual(['a', 'b'])
    expect(moveIn(['a', 'b'], 0, -1)).toEqual(['a', 'b'])
  })
})

describe('keys of codes', () => {
  const map = createKeyMap('linux')
  const press = (key: string, code: string, held: { ctrlKey?: boolean; shiftKey?: boolean } = {}) => ({
    key,
    code,
    ctrlKey: false,
    altKey: false,
    shiftKey: false,
    metaKey: false,
    ...held,
  })

  it('are digits and letters, whatever the layout', () => {
    expect(codeKeyOf(press('q', 'KeyQ'), 'linux')).toBe('Q')
    expect(codeKeyOf(press('5', 'Numpad5'), 'linux')).toBe('5')
    expect(codeKeyOf(press('й', 'KeyQ'), 'linux')).toBe('Q')
    expect(codeKeyOf(press('q', 'KeyQ', { ctrlKey: true }), 'linux')).toBeNull()
    expect(codeKeyOf(press('F5', 'F5'), 'linux')).toBeNull()
    expect(codeKeyOf(press(' ', 'Space'), 'linux')).toBeNull()
  })

  it('say whose they are, and what they mean besides', () => {
    expect(rivalOf(emotions.codes, 'emotion-fear', '4')?.name).toBe('anger')
    expect(rivalOf(emotions.codes, 'emotion-anger', '4')).toBeNull()
    expect(commandOn('M', map)).toBe('transport.mute')
    expect(commandOn('8', map)).toBeNull()
    const coded = changeCode(emotions, 'emotion-fear', { key: 'J' }).codes
    expect(chordsBeside('transport.shuttleBack', coded, map)).toEqual([])
    expect(chordsBeside('transport.stepBack', coded, map)).toEqual(['ArrowLeft', ','])
  })

  it('that are free come first without a command, then with one, then not at all', () => {
    expect(freeKey([], map)).toBe('1')
    expect(freeKey(emotions.codes, map)).toBe('8')
    const all = [...'123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((key) => ({ ...emotions.codes[0]!, key }))
    expect(freeKey(all, map)).toBeNull()
    expect(
      freeKey(
        all.filter(({ key }) => key !== 'M'),
        map,
      ),
    ).toBe('M')
  })
})
