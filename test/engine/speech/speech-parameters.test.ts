import { expect, it } from 'vitest'
import { DEFAULT_MFCC_PARAMETERS } from '../../../main/engine/speech/mfcc-parameters'
import { speechParameters } from '../../../main/engine/speech/speech-parameters'
import { DEFAULT_VAD_PARAMETERS } from '../../../main/engine/speech/vad'
import { toyModel } from './toy-model'

it('names every parameter of detection, front end and network input, fit for JSON', () => {
  const model = toyModel()
  const { input, members } = model.card
  const parameters = speechParameters(model.card)
  model.dispose()
  expect(JSON.parse(JSON.stringify(parameters))).toEqual(parameters)
  expect(parameters.voiceActivity).toMatchObject(DEFAULT_VAD_PARAMETERS)
  expect(parameters.voiceActivity.bandEdgesHz[0]).toBe(120)
  expect(Object.keys(parameters.frontEnd)).toEqual(Object.keys(DEFAULT_MFCC_PARAMETERS))
  const { features, ...rest } = input
  expect(parameters.frontEnd).toEqual(features)
  expect(parameters.speechInput).toEqual(rest)
  expect(parameters.speechMembers).toEqual({ 'model.json': members[0] })
})
