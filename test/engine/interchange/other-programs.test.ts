import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeBoris } from '../../../main/engine/interchange/boris-write'
import type { InterchangeDocument } from '../../../main/engine/interchange/document'
import { readInterchange } from '../../../main/engine/interchange/read-file'

const fixture = (name: string): Buffer => readFileSync(join(__dirname, 'fixtures', name))

function read(name: string, closesUnpaired = false): readonly InterchangeDocument[] {
  return readInterchange(fixture(name), name, { closesUnpaired }).documents
}

/** A tier in short: [start, end, label]. */
function shown(document: InterchangeDocument | undefined, tier: string): [number, number, string][] {
  const found = document?.tiers.find(({ name }) => name === tier)
  if (!found) throw new Error(`no tier ${tier} among ${document?.tiers.map(({ name }) => name).join(', ')}`)
  return found.annotations.map(({ startSecs, endSecs, label }) => [startSecs, endSecs, label])
}

describe('an ELAN document of somebody else', () => {
  const [document] = read('elan-dialogue.eaf')

  it('gives tiers with their people, and codes of its vocabulary', () => {
    expect(document?.tiers.map(({ name, subject, observer, set }) => [name, subject, observer, set])).toEqual(
      [
        ['M-Face', 'Mother', 'MK', 'Expressions'],
        ['C-Spch', 'Child', '', ''],
        ['C-Wrd', 'Child', '', ''],
        ['M-Note', 'Mother', '', ''],
        ['C-Mor', 'Child', '', ''],
      ],
    )
    expect(document?.codes).toEqual([
      {
        kind: 'state',
        set: 'Expressions',
        name: 'happy',
        key: null,
        colour: '',
        description: 'corners of the lips up',
      },
      { kind: 'state', set: 'Expressions', name: 'surprised', key: null, colour: '', description: '' },
    ])
  })

  it('takes the label from the vocabulary where the text is empty, and leaves empty annotations out, saying so', () => {
    expect(shown(document, 'M-Face')).toEqual([
      [0.48, 2.48, 'happy'],
      [3, 4.125, 'surprised'],
    ])
    expect(document?.notices).toContainEqual(
      expect.stringContaining('tier "M-Face": 1 annotation without text left out'),
    )
    expect(shown(document, 'C-Spch')).toEqual([[0.5, 2, 'look at "that" & this']])
  })

  it('places slots without a time evenly on their chain, saying so', () => {
    expect(shown(document, 'C-Wrd')).toEqual([
      [0.5, 1, 'look'],
      [1, 1.5, 'at'],
      [1.5, 2, 'that'],
    ])
    expect(document?.notices).toContainEqual(
      expect.stringMatching(/^2 time slots have no time; placed evenly/),
    )
  })

  it('gives dependent annotations the times of what they depend on', () => {
    expect(shown(document, 'M-Note')).toEqual([[0.48, 2.48, 'unsure']])
    expect(shown(document, 'C-Mor')).toEqual([
      [0.5, 1.25, 'first'],
      [1.25, 2, 'second'],
    ])
    expect(document?.notices).toContainEqual(
      expect.stringMatching(/^1 annotation was left out: the time slot or annotation/),
    )
  })

  it('offers the shift of its media', () => {
    expect(document?.media.map(({ path, offsetSecs }) => [path, offsetSecs])).toEqual([
      ['file:///D:/Study%20A/dyad_07.mp4', 1.48],
      ['file:///D:/Study%20A/dyad_07.wav', 0],
    ])
  })
})

describe('a TextGrid of Praat', () => {
  const [long] = read('praat-long.TextGrid')

  it('gives intervals with text and points', () => {
    expect(shown(long, 'Mary')).toEqual([[0.25, 1.7000001, 'sagt "ja"\nund nein']])
    expect(shown(long, 'John')).toEqual([[0, 2.3, 'happy']])
    expect(shown(long, 'bell')).toEqual([
      [0.9, 0.9, 'ding'],
      [1.3, 1.3, 'dong'],
    ])
    expect(long?.tiers.map(({ kind }) => kind)).toEqual(['states', 'states', 'points'])
    expect(long?.durationSecs).toBe(2.3)
  })

  it('reads the same in the short form with comments', () => {
    const [short] = read('praat-short.TextGrid')
    expect(short).toEqual({ ...long, title: 'praat-short' })
  })

  const source = fixture('praat-long.TextGrid').toString()
  it.each([
    ['CRLF', Buffer.from(source.replaceAll('\n', '\r\n'))],
    ['a byte order mark', Buffer.from(`\uFEFF${source}`)],
    ['UTF-16 LE', Buffer.from(`\uFEFF${source}`, 'utf16le')],
    ['UTF-16 BE', Buffer.from(`\uFEFF${source}`, 'utf16le').swap16()],
    ['UTF-16 LE without a mark', Buffer.from(source, 'utf16le')],
    ['UTF-16 BE without a mark', Buffer.from(source, 'utf16le').swap16()],
  ])('reads the same with %s', (_, bytes) => {
    const { documents } = readInterchange(bytes, 'praat-long.TextGrid', { closesUnpaired: false })
    expect(documents[0]).toEqual(long)
  })

  it('reads old encodings as Windows-1252 and says so', () => {
    const bytes = Buffer.from(source.replace('ding', 'd\u00efng'), 'latin1')
    const { documents } = readInterchange(bytes, 'x.TextGrid', { closesUnpaired: false })
    expect(shown(documents[0], 'bell')[0]?.[2]).toBe('dïng')
    expect(documents[0]?.notices[0]).toMatch(/Windows-1252/)
  })
})

describe('a project of BORIS', () => {
  const documents = read('boris-8.boris')
  const kiki = documents.find(({ title }) => title === 'kiki')

  it('is a document a recording, an observation a rater', () => {
    expect(documents.map(({ title }) => title)).toEqual(['obs live', 'kiki'])
    expect(kiki?.media[0]).toEqual({
      path: '/videos/kiki.mp4',
      offsetSecs: 0,
      durationSecs: 30.04,
      fps: 25,
      hasVideo: true,
      hasAudio: false,
    })
    expect(kiki?.tiers[0]).toMatchObject({ subject: 'Kiki', observer: 'kiki morning', kind: 'states' })
  })

  it('pairs states by parity of subject, code and modifier, whatever the order of rows', () => {
    expect(shown(kiki, 'kiki morning/Kiki')).toEqual([
      [10, 12, 'rest'],
      [12.345, 20.001, 'grooming'],
    ])
    expect(kiki?.tiers[0]?.annotations[1]).toMatchObject({ modifier: 'other', comment: 'starts slowly' })
    expect(shown(kiki, 'kiki morning/Kiki/points')).toEqual([
      [11.5, 11.5, 'yawn'],
      [25, 25, 'scratch'],
    ])
  })

  it('says what it could not take', () => {
    expect(kiki?.notices).toEqual([
      'observation "kiki morning": BORIS adds 2.5 s to its times; they are kept without it',
      'observation "kiki morning": 1 event without time or code left out',
      'observation "kiki morning": the code "scratch" is not among the project\'s behaviours; its events were read as points',
      'observation "kiki morning": "grooming" of Kiki starts at 20.001 s and never stops; it was left out',
    ])
  })

  it('closes what never stops at the end of the recording where the user wants it', () => {
    const closed = read('boris-8.boris', true).find(({ title }) => title === 'kiki')
    expect(shown(closed, 'kiki morning/Kiki').at(-1)).toEqual([20.001, 30.04, 'grooming'])
    expect(closed?.notices.at(-1)).toMatch(/never stops; it was closed at 30.04 s/)
  })

  it('gives codes with keys and colours, and variables with values', () => {
    expect(kiki?.codes[0]).toEqual({
      kind: 'state',
      set: 'social',
      name: 'grooming',
      key: 'G',
      colour: '#1f77b4',
      description: '',
    })
    expect(kiki?.codes[1]).toMatchObject({ kind: 'point', set: '', name: 'yawn', colour: '' })
    expect(kiki?.codes[2]?.colour).toBe('')
    expect(kiki?.variables).toEqual([
      { name: 'weather', kind: 'choice', choices: ['dry', 'wet'], description: '', value: 'wet' },
    ])
  })
})

it('BORIS finds even pairs, sorted rows and unique codes in what we write', () => {
  const document = read('elan-dialogue.eaf')[0]
  if (!document) throw new Error('no document')
  const project = JSON.parse(writeBoris([document], { projectName: 'x', date: '2026-01-01T00:00:00Z' })) as {
    behaviors_conf: Record<string, { code: string; type: string }>
    observations: Record<string, { events: [number, string, string, string, string][] }>
  }
  const codes = Object.values(project.behaviors_conf).map(({ code }) => code)
  expect(new Set(codes).size).toBe(codes.length)
  for (const { events } of Object.values(project.observations)) {
    const counts = new Map<string, number>()
    for (const [, subject, code, modifier] of events) {
      expect(codes).toContain(code)
      const key = `${subject} ${code} ${modifier}`
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    expect([...counts.values()].every((count) => count % 2 === 0)).toBe(true)
    const times = events.map(([secs]) => secs)
    expect(times).toEqual([...times].sort((a, b) => a - b))
  }
})
