import { describe, expect, it } from 'vitest'
import { checkStudyChange } from '../../../main/app/annotation/check-study'
import { changesForReplacing, requireReplaceable } from '../../../main/app/study/replace-code'
import type { Study } from '../../../preload/contract/annotation'
import { sampleStudy, segmentItem, trackItem } from '../../support/study'

const { scheme } = sampleStudy()

describe('replacing a code', () => {
  it('changes the code and nothing else, of whoever coded it', () => {
    const mine = segmentItem('anger', 1, 2, { comment: 'loud', status: 'confirmed' })
    const theirs = segmentItem('anger', 3, 4, { observerId: 'bob' })
    const items = [mine, theirs, segmentItem('fear', 5, 6), trackItem(1, 's1')]
    expect(changesForReplacing(items, { from: 'anger', to: 'disgust', at: 'now' })).toEqual([
      { put: { ...mine, codeId: 'disgust', editedAt: 'now' } },
      { put: { ...theirs, codeId: 'disgust', editedAt: 'now' } },
    ])
  })

  it('is for two codes of one kind and set', () => {
    expect(() => requireReplaceable(scheme, 'anger', 'fear')).not.toThrow()
    expect(() => requireReplaceable(scheme, 'anger', 'anger')).toThrow('two codes of the scheme')
    expect(() => requireReplaceable(scheme, 'anger', 'gone')).toThrow('two codes of the scheme')
    const [one, ...others] = scheme.codes
    const gaze = { ...scheme, codes: [{ ...one!, set: 'gaze' }, ...others] }
    expect(() => requireReplaceable(gaze, 'neutral', 'anger')).toThrow('not of one kind and set')
  })
})

describe('sets of states in use', () => {
  const study = sampleStudy()
  const withSets = (setOf: (name: string) => string): Study => ({
    ...study,
    scheme: { ...scheme, codes: scheme.codes.map((code) => ({ ...code, set: setOf(code.name) })) },
  })
  const usedEverywhere = () => 'clip'

  it('can be called otherwise', () => {
    expect(() =>
      checkStudyChange(
        study,
        withSets(() => 'affect'),
        usedEverywhere,
      ),
    ).not.toThrow()
  })

  it('cannot be split or thrown together', () => {
    const split = withSets((name) => (name === 'fear' ? 'other' : 'emotion'))
    expect(() => checkStudyChange(study, split, usedEverywhere)).toThrow('is in use in clip')
    expect(() => checkStudyChange(split, study, usedEverywhere)).toThrow('is in use in clip')
    expect(() => checkStudyChange(study, split, () => null)).not.toThrow()
  })
})
