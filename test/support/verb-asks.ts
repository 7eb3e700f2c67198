import type { Ask, Verb } from '../../preload/contract'
import type { AnnotationItem, Study } from '../../preload/contract/annotation'
import type { BatchChoices } from '../../preload/contract/batch'
import type { ViewerVerbs } from '../../preload/contract/viewer-port'
import type { ViewerFrameVerbs } from '../../preload/contract/viewer-port-frames'

export interface VerbContext {
  readonly token: string
  /** Who codes. */
  readonly observerId: string
  readonly study: Study
  readonly choices: BatchChoices
  readonly ownItem: AnnotationItem
  /** An imported track of the clip. */
  readonly trackId: string
}

/** A sensible ask of every verb of the contract: one that is missing does not compile. */
export function asksOf(context: VerbContext): { readonly [K in Verb]: Ask<K> } {
  const { token, observerId, study, choices, ownItem, trackId } = context
  const tokens = [token]
  const clips = { kind: 'all' } as const
  const agreement = {
    clips,
    subject: null,
    raters: ['face', 'Anna'],
    stepSecs: 0.1,
    toleranceSecs: 0.5,
    unlabelled: 'category',
    weights: null,
  } as const
  const rating = { clips, subject: null, raters: ['Anna', 'Ben'], dimension: 'valence', stepSecs: 0.1 }
  const statistics = {
    clips,
    subject: null,
    raters: null,
    by: 'clip',
    variable: null,
    binSecs: null,
    baseline: false,
    gaps: 'joined',
  } as const
  const importing = {
    importId: 'none',
    choices: { recordings: [], labels: [], conflicts: 'skip' },
    frames: null,
  } as const
  const recipe = {
    tool: 'table',
    headerLine: 1,
    separator: ',',
    decimal: '.',
    timeColumn: 0,
    timeUnit: 's',
    framesPerSec: 25,
    offsetSecs: 0,
    columns: [1],
    validColumn: null,
    faceColumn: null,
    face: '',
  } as const
  return {
    appInfo: null,
    openPort: { name: 'viewer' },
    showMenuKeys: { keys: {} },
    setUnsaved: { reason: null },
    getSettings: null,
    changeSettings: { patch: {} },
    resetSettings: { section: 'playback' },
    takeSettingsNotices: null,
    listModels: null,
    modelReports: { id: 'none' },
    comparedReports: null,
    openReportFolder: null,
    addModelFolder: null,
    removeModel: { id: 'none' },
    checkBackend: { backend: 'wasm' },
    diagnostics: null,
    exportClips: {
      tokens,
      formats: [
        'frames',
        'speech',
        'segments',
        'meta',
        'summary',
        'long',
        'eaf',
        'textgrid',
        'boris',
        'methods',
      ],
    },
    cancelExport: null,
    savePicture: { kind: 'svg', name: 'plot', text: '<svg xmlns="http://www.w3.org/2000/svg"/>' },
    batchOffer: null,
    batchQueue: null,
    queueClips: { tokens: null },
    startBatch: { choices, onDifference: 'ask' },
    pauseBatch: null,
    resumeBatch: null,
    stopBatch: null,
    cancelClips: { tokens },
    retryClips: { tokens: null },
    moveClips: { tokens, index: 0 },
    beginRecording: { container: 'webm', hasVideo: true },
    adoptRecording: { fileName: 'none.webm' },
    leaveLive: null,
    mediaState: { token },
    refusePlaying: { token },
    surveyStudy: { clips },
    computeAgreement: agreement,
    agreementMoments: { of: agreement, basis: 'units', first: 'anger', second: 'fear' },
    agreementStrip: { of: agreement, token, subject: '' },
    computeRatings: rating,
    ratingTraces: { of: rating, token, subject: '' },
    computeStatistics: statistics,
    transitionMoments: { of: statistics, raterKey: 'Anna', from: 'anger', to: 'fear' },
    exportAgreement: { of: agreement },
    exportStatistics: { of: statistics },
    saveTable: { name: 'table', text: 'a,b\r\n' },
    cancelStudy: null,
    replaceCode: { from: 'none', to: 'nothing' },
    listClipVariables: null,
    setClipVariables: { changes: [] },
    exportClipVariables: null,
    readVariableTable: null,
    planMerge: null,
    applyMerge: { choices: {} },
    dropMerge: null,
    openStudy: null,
    changeStudy: { study },
    chooseObserver: { observerId },
    openAnnotations: { token },
    editAnnotations: { token, edit: { title: 'own', changes: [{ put: ownItem }] } },
    closeAnnotations: { token },
    listCoding: null,
    importScheme: null,
    exportScheme: null,
    chooseImport: null,
    rereadImport: { importId: 'none', closesUnpaired: false },
    planImport: importing,
    applyImport: { ...importing, openToken: token },
    undoImport: { importId: 'none' },
    closeImport: { importId: 'none' },
    exportAnnotations: { tokens, format: 'segments', observers: null, isForReimport: false },
    chooseTable: { token },
    previewTable: { importId: 'none', recipe },
    importTable: { token, importId: 'none', recipe, title: 'none' },
    listForeignTracks: { token },
    openForeignTrack: { token, id: trackId },
    showForeignTrack: { token, id: trackId, isShown: true },
    removeForeignTrack: { token, id: trackId },
    currentProject: null,
    recentProjects: null,
    forgetRecent: { token: 'none' },
    listClips: null,
    addClips: null,
    addFolder: { isRecursive: false },
    addDropped: { tokens: [] },
    takeHanded: null,
    revealClip: { token },
    revealResults: null,
    refreshProject: null,
    // What changes which clips and projects there are comes last.
    relinkClip: { token },
    removeClips: { tokens: [] },
    openRecent: { token: 'none' },
    chooseProject: null,
    createProject: null,
    closeProject: null,
  }
}

type PortVerbs = ViewerVerbs & ViewerFrameVerbs

/** The same of the viewer's port. */
export function viewerAsksOf(token: string): { readonly [K in keyof PortVerbs]: PortVerbs[K]['ask'] } {
  return {
    openClip: { token, momentRules: { lowConfidence: 1, minimumSecs: 0 } },
    moments: { token, momentRules: { lowConfidence: 1, minimumSecs: 0 } },
    prepareSignals: { token },
    signals: { token, kind: 'waveform', fromSecs: 0, toSecs: 10, maxColumns: 50 },
    landmarks: { token, firstRow: 0, endRow: 10 },
    openFrames: { token },
    readFrame: { token, index: 0 },
    closeFrames: { token },
    closeClip: { token },
  }
}
