import type {
  EmotionFigures,
  OpenedClip,
  SubjectFigures,
  ViewerClip,
  ViewerModel,
  ViewerSegment,
} from '../../../preload/contract/viewer-port'
import { EMOTIONS } from '../../engine/emotions'
import type { ClipMeta, ModelFacts } from '../../engine/export/meta-json'
import type { SegmentRecord } from '../../engine/export/segment-record'
import type { ClipResults } from '../../engine/results/clip-results'
import { findMoments, type MomentRules } from '../../engine/results/moments'
import { coverageOf, facesOf, faceSpeechAgreement, rowSpans } from '../../engine/results/overview'
import type { EmotionStatistics } from '../../engine/timeline/clip-summary'

/** Everything that the window shows of a clip's results, from its files. */
export function openedClip(
  results: ClipResults,
  momentRules: Partial<MomentRules> | undefined,
): Omit<OpenedClip, 'readSecs'> {
  const { meta, rows, speech } = results
  const { speechStartSecs: _start, speechEndSecs: _end, ...columns } = rows
  const spans = rowSpans(rows, meta.rowSource)
  return {
    clip: viewerClip(meta),
    rows: { ...columns, speechWindow: results.speechWindow },
    windows: speech,
    segments: results.segments.map(viewerSegment),
    moments: findMoments(rows, momentRules),
    faces: facesOf(rows, spans).map((face) => ({ ...face, subjectId: meta.subjects[face.faceId] ?? '' })),
    subjects: meta.summary.subjects.map((subject): SubjectFigures => {
      const { basisSecs } = faceSpeechAgreement(rows, spans, subject.faceId)
      return {
        subjectId: subject.subjectId,
        faceId: subject.faceId,
        faceCoverage: subject.faceCoverage,
        longestGapSecs: subject.longestGapSecs,
        finalDominant: subject.finalDominant,
        agreement: subject.faceSpeechAgreement,
        agreementBasisSecs: basisSecs,
        modalities: subject.whole.map(({ modality, observedSecs, dominant, emotions }) => ({
          modality,
          observedSecs,
          dominant,
          emotions: emotions.map(emotionFigures),
        })),
      }
    }),
    coverage: coverageOf(rows, spans, speech),
  }
}

export function viewerClip(meta: ClipMeta): ViewerClip {
  const { media, settings, summary } = meta
  const { video, audio } = media
  return {
    clipId: meta.clipId,
    fileName: meta.fileName,
    status: meta.status,
    damage: meta.damage,
    warnings: meta.warnings,
    durationSecs: summary.durationSecs,
    frameCount: summary.frameCount,
    analysedFrameCount: summary.analysedFrameCount,
    rowSource: meta.rowSource,
    analysedAt: meta.analysedAt,
    appVersion: meta.app.version,
    backend: meta.backend.details['description'] ?? meta.backend.name,
    models: { face: viewerModel(meta.models.face), speech: viewerModel(meta.models.speech) },
    modalities: settings.modalities,
    framesPerSec: settings.framesPerSec,
    fusionMethod: settings.fusion.method,
    smoothingMethod: settings.smoothing.method,
    minimumGate: settings.fusion.minimumGate,
    video: video && {
      widthPx: numberOf(video['widthPx']),
      heightPx: numberOf(video['heightPx']),
      codec: String(video['codec'] ?? ''),
      nominalFps: video.nominalFps,
      isVariableRate: video.isVariableRate,
    },
    audio: audio && {
      codec: String(audio['codec'] ?? ''),
      sampleRateHz: audio.sampleRateHz,
      channels: numberOf(audio['channels']),
    },
    files: meta.files,
    hasLandmarks: meta.files.includes(`${meta.clipId}.landmarks.csv`),
    subjects: meta.subjects,
    variables: meta.variables,
    methods: meta.methods,
  }
}

function viewerModel(model: ModelFacts | null): ViewerModel | null {
  return model && { id: model.id, title: model.title, licence: model.licence }
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN
}

function viewerSegment(record: SegmentRecord): ViewerSegment {
  return {
    id: record.segmentId,
    tier: record.tier,
    modality: record.modality,
    source: record.source,
    observer: record.observer,
    subjectId: record.subjectId,
    faceId: record.faceId ?? -1,
    label: record.label,
    emotion: EMOTIONS.findIndex((emotion) => emotion === record.label),
    startSecs: record.startSecs,
    endSecs: record.endSecs,
    startFrame: record.startFrame ?? -1,
    endFrame: record.endFrame ?? -1,
    peakValue: record.peakValue,
    peakTimeSecs: record.peakTimeSecs,
    meanValue: record.meanValue,
    status: record.status,
    comment: record.comment,
  }
}

function emotionFigures(statistics: EmotionStatistics): EmotionFigures {
  const { prop, meanP, maxP, bouts, totalSecs, latencySecs } = statistics
  return { prop, meanP, maxP, bouts, totalSecs, latencySecs }
}
