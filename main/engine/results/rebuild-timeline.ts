import { EMOTION_COUNT, topEmotion } from '../emotions'
import type { ExportContext } from '../export/clip-context'
import type { ClipMeta } from '../export/meta-json'
import type { Interval, SpeechTimeline, SpeechWindow } from '../speech/types'
import { DIGITAL_SILENCE_DB } from '../speech/vad-features'
import type { ClipTimeline } from '../timeline/types'
import type { ClipResults } from './clip-results'
import { SPEECH_STATES, type SpeechRows } from './speech-rows'

/**
 * The timeline of a clip from its result files, for the writers of other formats. Values have the decimals of the files;
 * segments are the table's own (ClipResults.segments), and the probabilities of a model with other labels than the seven
 * are not known any more.
 */
export function rebuildTimeline(results: ClipResults): ClipTimeline {
  const { meta, rows, speech, speechWindow } = results
  const { frameCount, analysedFrameCount, durationSecs } = meta.summary
  restoreTops(rows.faceProbs, rows.faceLabel)
  restoreTops(rows.speechProbs, rows.speechLabel)
  restoreTops(rows.fusionProbs, rows.fusionLabel)
  restoreTops(speech.probs, speech.label)
  return {
    frameCount,
    analysedFrameCount,
    rowSource: meta.rowSource,
    durationSecs,
    rows: { ...rows, speechWindow },
    speech: meta.summary.speechSecs === null ? null : speechTimeline(speech),
    speechWindowProbs: speech.probs,
    segments: [],
    warnings: meta.warnings,
  }
}

/** @param mediaPath where the recording is now; else where it was when it was labelled */
export function rebuildContext(meta: ClipMeta, mediaPath: string | null): ExportContext {
  const { settings, media } = meta
  const asked = (modality: 'face' | 'speech'): boolean =>
    settings.modalities.includes(modality) || settings.modalities.includes('fusion')
  const measuredFps = media.video?.['measuredFps']
  const statedPath = media['path']
  return {
    clipId: meta.clipId,
    mediaPath: mediaPath ?? (typeof statedPath === 'string' ? statedPath : meta.fileName),
    settings,
    appVersion: meta.app.version,
    analysedAt: meta.analysedAt,
    subjects: meta.subjects,
    media: {
      video: media.video && {
        nominalFps: media.video.nominalFps,
        measuredFps: typeof measuredFps === 'number' ? measuredFps : null,
      },
      audio: media.audio,
    },
    // A model that was asked for and found nothing to read is not named in meta.json.
    faceCard: meta.models.face ?? (asked('face') ? { id: '' } : null),
    speechCard: meta.models.speech ?? (asked('speech') ? { id: '' } : null),
  }
}

/** No two values that differ by more can be printed alike with six decimals. */
const ROUNDING = 1.5e-6

/**
 * Where rounding made two values alike, the one that was the highest gets the smallest step more, which no six decimals
 * show: the highest of the seven is then the label of the table again.
 * @param probs shape [labels, 7], changed in place
 */
function restoreTops(probs: Float32Array, labels: Int8Array): void {
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] ?? -1
    const first = row * EMOTION_COUNT
    const top = topEmotion(probs, first)
    if (label < 0 || top < 0 || top === label) continue
    const highest = probs[first + top] ?? 0
    if (highest - (probs[first + label] ?? 0) < ROUNDING) probs[first + label] = nextFloat32(highest)
  }
}

const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)

/** The next float32 above a value that is not negative. */
function nextFloat32(value: number): number {
  float[0] = value
  bits[0]!++
  return float[0]!
}

function speechTimeline(rows: SpeechRows): SpeechTimeline {
  const windows: SpeechWindow[] = []
  for (let index = 0; index < rows.count; index++) {
    const snrDb = rows.snrDb[index] ?? Number.NaN
    const rmsDb = rows.rmsDb[index] ?? Number.NaN
    windows.push({
      startSecs: rows.startSecs[index] ?? 0,
      endSecs: rows.endSecs[index] ?? 0,
      state: SPEECH_STATES[rows.state[index] ?? 0] ?? 'speech',
      rmsDb: Number.isNaN(rmsDb) ? DIGITAL_SILENCE_DB : rmsDb,
      speechShare: rows.speechShare[index] ?? 0,
      snrDb: Number.isNaN(snrDb) ? null : snrDb,
      modelProbs: null,
    })
  }
  const first = windows[0]
  const endSecs = windows.reduce((latest, window) => Math.max(latest, window.endSecs), 0)
  return { span: { startSecs: first?.startSecs ?? 0, endSecs }, activity: activityOf(windows), windows }
}

/** Where speech was detected: what its windows cover together. */
function activityOf(windows: readonly SpeechWindow[]): Interval[] {
  const activity: { startSecs: number; endSecs: number }[] = []
  for (const { state, startSecs, endSecs } of windows) {
    if (state === 'silence') continue
    const last = activity.at(-1)
    if (last && startSecs <= last.endSecs) last.endSecs = Math.max(last.endSecs, endSecs)
    else activity.push({ startSecs, endSecs })
  }
  return activity
}
