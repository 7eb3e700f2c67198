import type { SpeechCard } from '../inference/card'
import { parseMfccParameters } from './mfcc-parameters'
import { DEFAULT_VAD_PARAMETERS } from './vad'
import { VAD_BAND_EDGES_HZ } from './vad-features'

/**
 * Everything that decides a speech reading beside the settings and the weights, for metadata.
 * @throws UnmaskError 'model.bad-card'
 */
export function speechParameters({
  input: { features, ...windows },
  members,
}: Pick<SpeechCard, 'input' | 'members'>) {
  return {
    voiceActivity: { ...DEFAULT_VAD_PARAMETERS, bandEdgesHz: VAD_BAND_EDGES_HZ },
    frontEnd: { ...parseMfccParameters(features) },
    /** Windows here are the card's; those used stand in the settings. */
    speechInput: windows,
    speechMembers: Object.fromEntries(members.map((member) => [member.topology, member])),
  }
}
