import { describe, expect, it } from 'vitest'
import { commandsFor, FIXED_CHORDS, RESERVED_CHORDS } from '../../../renderer/keys/commands'
import { isChord } from '../../../renderer/keys/chord'
import { conflictsOf, createKeyMap, troubleWith } from '../../../renderer/keys/key-map'

const PLATFORMS = ['linux', 'win32', 'darwin'] as const

describe.each(PLATFORMS)('the usual keys on %s', (platform) => {
  const map = createKeyMap(platform)
  it('mean one thing each', () => expect(conflictsOf(map)).toEqual([]))

  it('leave digits to codes, and what is needed to get about', () => {
    const used = map.commands.flatMap(({ id }) => [...map.chords(id)])
    expect(used.length).toBeGreaterThan(40)
    expect(used.filter((chord) => [...RESERVED_CHORDS, ...FIXED_CHORDS].includes(chord))).toEqual([])
    expect(used.filter((chord) => !isChord(chord))).toEqual([])
  })

  it('offer an alternative where laptops lack the key', () => {
    const lacking = commandsFor(platform).filter(({ chords }) => /Home|End|Page/.test(chords[0] ?? ''))
    expect(lacking.length).toBe(6)
    for (const { chords } of lacking)
      expect(chords.slice(1).some((chord) => !/Home|End|Page/.test(chord))).toBe(true)
  })
})

describe('createKeyMap', () => {
  it('lets a view use a key of its own that another view has, too', () => {
    const map = createKeyMap('linux')
    expect(map.find('Space', 'analyse')?.id).toBe('transport.playPause')
    expect(map.find('Space', 'live')?.id).toBe('live.toggle')
    expect(map.find('Space', 'library')).toBeNull()
    expect(map.find('Mod+1', 'live')?.id).toBe('view.library')
  })

  it('takes the keys of the settings, none or several, and no nonsense', () => {
    const map = createKeyMap('linux', {
      'transport.mute': ['Alt+X', 'Alt+Shift+X'],
      'transport.loop': [],
      'transport.jump': ['Shift+Mod+G'],
      'no.such': ['\\'],
    })
    expect(map.chords('transport.mute')).toEqual(['Alt+X', 'Alt+Shift+X'])
    expect(map.find('M', 'analyse')).toBeNull()
    expect(map.chords('transport.loop')).toEqual([])
    expect(map.chords('transport.jump')).toEqual([])
    expect(map.find('\\', 'analyse')).toBeNull()
  })
})

describe('troubleWith', () => {
  const map = createKeyMap('linux')
  it.each([
    ['transport.mute', 'Space', { kind: 'taken', by: 'transport.playPause' }],
    ['transport.mute', 'Mod+1', { kind: 'taken', by: 'view.library' }],
    ['view.library', 'Space', { kind: 'taken', by: 'transport.playPause' }],
    ['transport.mute', '5', { kind: 'reserved' }],
    ['transport.mute', 'Mod+Z', { kind: 'taken', by: 'annotate.undo' }],
    ['live.mute', 'Tab', { kind: 'fixed' }],
    ['live.record', 'S', null],
    ['batch.pause', 'M', null],
    ['transport.mute', 'M', null],
  ] as const)('%s with %s', (id, chord, trouble) => {
    expect(troubleWith(map, id, chord)).toEqual(trouble)
  })

  it('warns of a code that has the key, in Analyse and everywhere alone', () => {
    const codes = [
      { name: 'smile', key: 'q' },
      { name: 'frown', key: null },
    ]
    expect(troubleWith(map, 'annotate.split', 'Alt+Q', codes)).toBeNull()
    expect(troubleWith(map, 'transport.segmentStart', 'Q', codes)).toEqual({ kind: 'code', by: 'smile' })
    expect(troubleWith(map, 'live.mute', 'Q', codes)).toBeNull()
    // Another command that has it counts first.
    expect(troubleWith(map, 'annotate.split', 'Q', codes)).toEqual({
      kind: 'taken',
      by: 'transport.segmentStart',
    })
  })

  it('finds a conflict that the settings brought', () => {
    const remapped = createKeyMap('linux', { 'transport.mute': ['Space'] })
    expect(conflictsOf(remapped)).toEqual([
      { chord: 'Space', commands: ['transport.playPause', 'transport.mute'] },
    ])
  })
})
