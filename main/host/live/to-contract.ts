import type { LiveFace, LiveVoice, LiveVoiceReading } from '../../../preload/contract/live-port'
import type { FusedFace, FusedVoice } from '../../engine/live/live-fusion'

export function toLiveFace({ face, probs, gate, fusionProbs, shownProbs, shownLabel }: FusedFace): LiveFace {
  const { x, y, w, h } = face.box
  return {
    id: face.trackId,
    box: [x, y, w, h],
    score: face.score,
    quality: face.quality,
    landmarks: face.landmarks ?? new Float32Array(0),
    faceProbs: probs,
    faceGate: gate,
    fusionProbs,
    shownProbs,
    shownLabel,
  }
}

export function toLiveVoice({ state, startSecs, endSecs, probs, gate, rmsDb }: FusedVoice): LiveVoice {
  return { state, startSecs, endSecs, probs, gate, rmsDb }
}

export function toVoiceReading(voice: FusedVoice, timeSecs: number): LiveVoiceReading {
  return { ...toLiveVoice(voice), timeSecs, fusionProbs: voice.fusionProbs }
}

/** The detector wants three bytes a pixel. @param rgba shape [pixels, 4] @param rgb shape [pixels, 3], written */
export function dropAlpha(rgba: Uint8Array, rgb: Uint8Array): void {
  for (let from = 0, to = 0; to < rgb.length; from += 4, to += 3) {
    rgb[to] = rgba[from]!
    rgb[to + 1] = rgba[from + 1]!
    rgb[to + 2] = rgba[from + 2]!
  }
}
