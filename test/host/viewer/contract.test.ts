import { describe, expect, it } from 'vitest'
import { FINAL_SOURCES, FUSION_ABSENCES } from '../../../main/engine/results/clip-rows'
import { SPEECH_STATES as ENGINE_STATES } from '../../../main/engine/results/speech-rows'
import { UNKNOWN_FLAG } from '../../../main/engine/timeline/row-store'
import { QUALITIES } from '../../../main/engine/timeline/types'
import {
  FLAG_UNKNOWN,
  ROW_FINAL_SOURCES,
  ROW_FUSION_ABSENCES,
  ROW_QUALITIES,
  SPEECH_STATES,
} from '../../../preload/contract/viewer-port'

describe('the contract of the viewer port', () => {
  it('names the codes of columns as the engine does', () => {
    expect(ROW_QUALITIES).toEqual(QUALITIES)
    expect(ROW_FINAL_SOURCES).toEqual(FINAL_SOURCES)
    expect(ROW_FUSION_ABSENCES).toEqual(FUSION_ABSENCES)
    expect(SPEECH_STATES).toEqual(ENGINE_STATES)
    expect(FLAG_UNKNOWN).toBe(UNKNOWN_FLAG)
  })
})
