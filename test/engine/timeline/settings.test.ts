import { describe, expect, it } from 'vitest'
import { analysisSettings, analysisSettingsSchema } from '../../../main/engine/timeline/settings'

describe('settings', () => {
  it('have the defaults of the design and come back from JSON unchanged', () => {
    const settings = analysisSettings()
    expect(settings.fusion).toMatchObject({
      method: 'product',
      faceExponent: 1,
      speechExponent: 1,
      floor: 0.02,
    })
    expect(settings.fusion.gates.face.score).toEqual({ zeroAt: 0.5, oneAt: 0.9 })
    expect(settings.smoothing).toMatchObject({ method: 'exponential', tauSecs: 0.4, restartGapSecs: 1 })
    expect(settings.display).toEqual({ lead: 0.1, holdSecs: 0.25 })
    expect(settings.segments).toMatchObject({ minimumSecs: 0.3, mergeGapSecs: 0.2, minimumConfidence: 0 })
    expect(settings.speech).toEqual({ windowSecs: 2.5, hopSecs: 0.25 })
    expect(analysisSettingsSchema.parse(JSON.parse(JSON.stringify(settings)))).toEqual(settings)
  })

  it('keep what is given and fill in the rest', () => {
    const settings = analysisSettings({ fusion: { gates: { face: { score: { zeroAt: 0.3 } } } } })
    expect(settings.fusion.gates.face.score).toEqual({ zeroAt: 0.3, oneAt: 0.9 })
    expect(settings.fusion.gates.face.sizePx).toEqual({ zeroAt: 24, oneAt: 64 })
  })

  it.each([
    ['a negative rate', { framesPerSec: -1 }, 'framesPerSec'],
    ['a prior that does not sum to 1', { fusion: { prior: [1, 1, 1, 1, 1, 1, 1] } }, 'prior'],
    ['a prior of six', { fusion: { prior: Array.from({ length: 6 }, () => 1 / 6) } }, 'prior'],
    ['a flat ramp', { fusion: { gates: { face: { score: { zeroAt: 0.9 } } } } }, 'score'],
    ['no modality', { modalities: [] }, 'modalities'],
  ])('refuse %s and name it', (_, input, name) => {
    expect(() => analysisSettings(input)).toThrowError(
      expect.objectContaining({ code: 'usage.invalid', message: expect.stringContaining(name) }),
    )
  })
})
