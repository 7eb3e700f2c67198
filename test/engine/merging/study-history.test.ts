import { beforeEach, describe, expect, it } from 'vitest'
import { defaultStudy } from '../../../main/engine/annotation/default-study'
import { studySchema } from '../../../main/engine/annotation/schema'
import { NO_HISTORY } from '../../../main/engine/annotation/study-history'
import { parseStudy, studyText } from '../../../main/engine/annotation/study-text'
import type { Code, Study } from '../../../preload/contract/annotation'
import { seededRandom } from '../../support/mutate'
import { codeOf, StudyCopy, withCode, withoutCode } from './study-copies'

const [FIRST, SECOND] = defaultStudy().scheme.codes as [Code, Code]
const describeCode = (description: string) => withCode(FIRST.id, { description })
const named = (name: string) => (study: Study) => ({ ...study, scheme: { ...study.scheme, name } })

describe('two studies with their histories', () => {
  let origin: StudyCopy
  let here: StudyCopy
  let there: StudyCopy

  beforeEach(() => {
    origin = new StudyCopy(defaultStudy()).change((study) => ({
      ...study,
      observers: [{ id: 'eve', name: 'Eve', isBlind: false }],
    }))
    here = origin.fork()
    there = origin.fork()
  })

  it('take what only one copy changed, whichever it is, and ask nothing', () => {
    there.change(describeCode('teeth')).change(named('Faces'))
    expect(here.plan(there)).toMatchObject({
      conflicts: [],
      changed: [
        { list: 'scheme', name: defaultStudy().scheme.name },
        { list: 'codes', name: FIRST.name },
      ],
    })
    expect(there.plan(here)).toMatchObject({ conflicts: [], changed: [], study: there.study })
    here.merge(there)
    expect(here.study).toEqual(there.study)
    expect(here.record.history).toEqual(there.record.history)
  })

  it('take out what only one copy took out, and never bring it back', () => {
    there.change(withoutCode(FIRST.id)).change((study) => ({ ...study, observers: [] }))
    expect(there.plan(here)).toMatchObject({ conflicts: [], added: [], study: there.study })
    expect(here.merge(there).removed).toEqual([
      { list: 'codes', name: FIRST.name },
      { list: 'observers', name: 'Eve' },
    ])
    expect(here.study).toEqual(there.study)
  })

  it('keep what is in use, and say so, on either side', () => {
    here = new StudyCopy(defaultStudy(), [FIRST.id])
    there = here.fork().change(withoutCode(FIRST.id))
    const plan = here.plan(there)
    expect(plan).toMatchObject({ conflicts: [], removed: [] })
    expect(plan.notes).toEqual([
      `“${FIRST.name}” was taken out in the other copy and stays, because it is in use`,
    ])
    expect(there.merge(here).notes).toEqual([
      `“${FIRST.name}” was taken out here and comes back, because it is in use`,
    ])
    expect(codeOf(there, FIRST.id)).toEqual(FIRST)
    // What came back is newer than its removal.
    here.merge(there)
    expect(codeOf(here, FIRST.id)).toEqual(FIRST)
  })

  it('keep a variable that a subject has a value of', () => {
    const variable = {
      id: 'age',
      name: 'age',
      scope: 'subject',
      kind: 'number',
      choices: [],
      description: '',
    } as const
    const child = { id: 's', name: 'Child', description: '', variables: {} }
    origin.change((study) => ({ ...study, subjects: [child], variables: [variable] }))
    here = origin.fork().change((study) => ({ ...study, subjects: [{ ...child, variables: { age: '4' } }] }))
    there = origin.fork().change((study) => ({ ...study, variables: [] }))
    expect(there.merge(here).notes).toHaveLength(1)
    expect(there.study.variables).toEqual([variable])
    expect(there.study.subjects[0]?.variables).toEqual({ age: '4' })
  })

  it('ask where one copy changed what the other took out', () => {
    here.change(describeCode('teeth'))
    there.change(withoutCode(FIRST.id))
    expect(here.plan(there).conflicts).toMatchObject([{ here: { description: 'teeth' }, there: null }])
    expect(there.plan(here).conflicts).toMatchObject([{ here: null, there: { description: 'teeth' } }])
    const other = there.fork()
    expect(codeOf(fork(here).merged(there, 'there'), FIRST.id)).toBeUndefined()
    expect(codeOf(fork(here).merged(there, 'here'), FIRST.id)?.description).toBe('teeth')
    expect(codeOf(fork(other).merged(here, 'here'), FIRST.id)).toBeUndefined()
    expect(codeOf(fork(other).merged(here, 'there'), FIRST.id)?.description).toBe('teeth')
  })

  it.each(['here', 'there'] as const)('ask once, and not again about what was decided (%s)', (side) => {
    here.change(describeCode('teeth'))
    there.change(describeCode('lips'))
    expect(here.merge(there, side).conflicts).toMatchObject([{ fields: ['description'] }])
    here.merge(there)
    expect(codeOf(here, FIRST.id)?.description).toBe(side === 'here' ? 'teeth' : 'lips')
    expect(there.merge(here).conflicts).toEqual([])
    expect(there.saying).toEqual(here.saying)
  })

  it('ask about what was changed past the program, until it is changed in it', () => {
    here.changeByHand(describeCode('teeth'))
    expect(here.plan(there).conflicts).toMatchObject([{ fields: ['description'] }])
    expect(there.plan(here).conflicts).toMatchObject([{ fields: ['description'] }])
    here.change(named('Faces'))
    expect(here.plan(there).conflicts).toEqual([])
    expect(there.merge(here).conflicts).toEqual([])
    expect(codeOf(there, FIRST.id)?.description).toBe('teeth')
  })

  it('ask about entries of programs that kept no history', () => {
    here.record = { ...here.record, history: NO_HISTORY }
    there.change((study) => ({ ...study, observers: [{ id: 'eve', name: 'Eva', isBlind: false }] }))
    expect(here.plan(there).conflicts).toMatchObject([{ list: 'observers', fields: ['name'] }])
    expect(here.merge(there, 'there').conflicts).toHaveLength(1)
    expect(here.merge(there).conflicts).toEqual([])
  })

  it('lose nothing where a backup was restored and worked on', () => {
    here.change(describeCode('teeth'))
    const lost = here.fork()
    // The folder is replaced by an older copy of itself, and another change is made there.
    here.record = origin.record
    here.change(describeCode('lips'))
    expect(here.plan(lost).conflicts).toMatchObject([{ fields: ['description'] }])
  })

  it('let two codes swap their names and keys', () => {
    there.change((study) =>
      withCode(SECOND.id, { name: FIRST.name, key: FIRST.key })(
        withCode(FIRST.id, { name: SECOND.name, key: SECOND.key })(study),
      ),
    )
    expect(here.merge(there).notes).toEqual([])
    expect(here.study).toEqual(there.study)
  })

  it('ask where a code in use would come to another set', () => {
    here = new StudyCopy(defaultStudy(), [FIRST.id])
    there = here.fork().change(withCode(FIRST.id, { set: 'mouth' }))
    expect(here.plan(there).conflicts).toMatchObject([{ fields: ['set'] }])
    expect(new StudyCopy(defaultStudy()).plan(there).conflicts).toEqual([])
  })
})

/** For asking one question twice. */
function fork(copy: StudyCopy) {
  const one = copy.fork()
  return {
    merged(other: StudyCopy, side: 'here' | 'there') {
      one.merge(other, side)
      return one
    },
  }
}

describe('three copies of a study', () => {
  it.each([
    ['names of their own', false],
    ['names that others give, too', true],
  ])('with %s come to say the same, and ask nothing twice', (_, isCrowded) => {
    const count = { asked: 0, removed: 0, added: 0, changed: 0 }
    for (let seed = 0; seed < 200; seed++) {
      const random = seededRandom(seed)
      const used = defaultStudy().scheme.codes.flatMap(({ id }) => (random() < 0.3 ? id : []))
      const worker = (copy: StudyCopy, who: string) => work(copy, random, who, isCrowded)
      const origin = new StudyCopy(defaultStudy(), used)
      worker(origin, 'o')
      const [here, there] = [origin.fork(), origin.fork()]
      worker(here, 'h')
      worker(there, 't')
      const third = there.fork()
      worker(third, 'c')
      const usedOnes = used.filter((id) => [here, there, third].some((copy) => codeOf(copy, id)))

      for (const other of [there, third]) {
        const plan = here.merge(other, random() < 0.5 ? 'here' : 'there')
        count.asked += plan.conflicts.length
        count.removed += plan.removed.length
        count.changed += plan.changed.length
        count.added += plan.added.length
        expect(studySchema.safeParse(here.study).error, `seed ${seed}`).toBeUndefined()
      }
      expect(third.merge(here).conflicts, `seed ${seed}`).toEqual([])
      expect(there.merge(third).conflicts, `seed ${seed}`).toEqual([])
      expect(third.saying, `seed ${seed}`).toEqual(here.saying)
      expect(there.saying, `seed ${seed}`).toEqual(here.saying)
      // Taken for another of its name, a code lives on under that one's id.
      if (!isCrowded) expect(usedOnes.filter((id) => !codeOf(here, id))).toEqual([])
      const { history } = here.record
      here.merge(there)
      if (!isCrowded) expect(here.record.history, `seed ${seed}`).toEqual(history)
    }
    for (const [what, times] of Object.entries(count)) expect(times, what).toBeGreaterThan(50)
  })
})

/** Some sessions at random. */
function work(copy: StudyCopy, random: () => number, who: string, isCrowded: boolean): void {
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)]
  for (let edit = 0; edit < 4; edit++) {
    const { codes } = copy.study.scheme
    const code = pick(codes)
    const kind = random()
    if (!code || kind < 0.25) {
      const id = `${who}${edit}`
      const key = codes.some((one) => one.key === 'x') ? null : 'x'
      const added: Code = { ...FIRST, id, name: `code ${id}`, key }
      copy.change((study) => ({ ...study, scheme: { ...study.scheme, codes: [...codes, added] } }))
    } else if (kind < 0.5) copy.change(withoutCode(code.id))
    else if (kind < 0.6) copy.change(named(`scheme ${who}${edit}`))
    else if (kind < 0.8) copy.change(withCode(code.id, { description: `${who}${edit}` }))
    else {
      const name = isCrowded ? pick(['smile', 'grin', 'frown'])! : `name ${who}${edit}`
      if (!codes.some((one) => one.name === name)) copy.change(withCode(code.id, { name }))
    }
  }
}

describe('the file of a study', () => {
  const copy = new StudyCopy(defaultStudy()).change(describeCode('teeth')).change(withoutCode(SECOND.id))
  const text = studyText(copy.study, copy.record.history)

  it('keeps the history, a line an entry', () => {
    expect(parseStudy(text, 'study.json')).toEqual({ ...copy.record, damage: null })
    expect(text.split('\n').filter((line) => line.startsWith('{"entry":'))).toHaveLength(2)
  })

  it('is a study without a history all the same', () => {
    const old = JSON.stringify({ ...(JSON.parse(text) as object), history: undefined })
    expect(parseStudy(old, 'study.json')).toEqual({ study: copy.study, history: NO_HISTORY, damage: null })
  })

  it('loses the line of the history that says nothing, and nothing else', () => {
    const raw = JSON.parse(text) as { history: Record<string, unknown>[] }
    for (const clock of [{ r: -1 }, { r: 1.5 }, 'x', null, { r: 0 }]) {
      const [first, ...rest] = raw.history
      const damaged = JSON.stringify({ ...raw, history: [{ ...first, clock }, ...rest, 7, null] })
      const { study, history, damage } = parseStudy(damaged, 'study.json')
      expect({ study, damage }).toEqual({ study: copy.study, damage: null })
      expect([...history.keys()]).toEqual([...copy.record.history.keys()].slice(1))
    }
    expect(parseStudy(JSON.stringify({ ...raw, history: 'gone' }), 'study.json')).toMatchObject({
      study: copy.study,
      damage: null,
    })
  })
})
