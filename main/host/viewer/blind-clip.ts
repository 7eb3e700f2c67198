import type { OpenedClip, ViewerRows } from '../../../preload/contract/viewer-port'
import { FLAG_UNKNOWN } from '../../../preload/contract/viewer-port'

/**
 * A clip as somebody sees it who codes blind: pictures, faces, coverage and sound, but nothing of what the models read into
 * them. What is taken out never leaves this process.
 */
export function blindClip(opened: OpenedClip): OpenedClip {
  const { rows, windows } = opened
  return {
    ...opened,
    clip: { ...opened.clip, files: [], variables: {} },
    rows: blindRows(rows),
    windows: {
      ...windows,
      probs: absent(windows.probs),
      label: none(windows.label),
      calm: absent(windows.calm),
    },
    segments: [],
    moments: [],
    subjects: [],
  }
}

function blindRows(rows: ViewerRows): ViewerRows {
  return {
    ...rows,
    faceProbs: absent(rows.faceProbs),
    speechProbs: absent(rows.speechProbs),
    fusionProbs: absent(rows.fusionProbs),
    faceProbsSmoothed: absent(rows.faceProbsSmoothed),
    fusionProbsSmoothed: absent(rows.fusionProbsSmoothed),
    faceGate: absent(rows.faceGate),
    speechGate: absent(rows.speechGate),
    faceLabel: none(rows.faceLabel),
    speechLabel: none(rows.speechLabel),
    fusionLabel: none(rows.fusionLabel),
    finalLabel: none(rows.finalLabel),
    displayedLabel: none(rows.displayedLabel),
    finalSource: new Uint8Array(rows.finalSource.length),
    fusionAbsent: new Uint8Array(rows.fusionAbsent.length),
    disagree: new Uint8Array(rows.disagree.length).fill(FLAG_UNKNOWN),
  }
}

function absent(values: Float32Array): Float32Array {
  return new Float32Array(values.length).fill(Number.NaN)
}

function none(labels: Int8Array): Int8Array {
  return new Int8Array(labels.length).fill(-1)
}
