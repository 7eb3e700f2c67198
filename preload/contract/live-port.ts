/** Between the Live view and the live process: camera frames and sound in, readings out. */

/** Rows of a heat map that grows to the right: base features or log-mel bands, a row each, one column a hop. */
export interface LiveFeatures {
  /** Session time of the first column's centre, seconds. */
  readonly startSecs: number
  readonly hopSecs: number
  readonly columns: number
  /** Column-major, shape [columns, 13]: MFCC 1 to 12, then log energy. */
  readonly base: Float32Array
  /** Column-major, shape [columns, melBands]: natural log of band power. */
  readonly logMel: Float32Array
  readonly melBands: number
  /** Peak of the sound in each column, 0..1, shape [columns]. */
  readonly peaks: Float32Array
}

export type LiveVoiceState = 'speech' | 'too_short' | 'silence' | 'no_audio'

/** What the newest window of speech says. */
export interface LiveVoice {
  readonly state: LiveVoiceState
  /** Session time of the window, seconds. */
  readonly startSecs: number
  readonly endSecs: number
  /** Shape [7], canonical order; null unless state is 'speech'. */
  readonly probs: Float32Array | null
  /** Reliability 0..1; 0 where there is no reading. */
  readonly gate: number
  /** Level of the last hop, dB re full scale. */
  readonly rmsDb: number
}

export interface LiveFace {
  /** Stable over the session: 1, 2, 3 in order of first appearance. */
  readonly id: number
  /** x, y, w, h in pixels of the frame that was sent. */
  readonly box: readonly [number, number, number, number]
  readonly score: number
  readonly quality: 'ok' | 'low_score' | 'small_face' | 'edge'
  /** x, y pairs in pixels of the frame that was sent, shape [68, 2]. */
  readonly landmarks: Float32Array
  /** Shape [7], canonical order, raw. */
  readonly faceProbs: Float32Array
  readonly faceGate: number
  /** Shape [7]; null where fusion has nothing to rest on. */
  readonly fusionProbs: Float32Array | null
  /** Shape [7]: what is shown, smoothed as the settings say; the raw values where they say none. */
  readonly shownProbs: Float32Array
  /** Index of the displayed emotion, with hysteresis. */
  readonly shownLabel: number
}

export interface LiveReading {
  readonly frameNumber: number
  readonly capturedAtMs: number
  /** Session time of the frame, seconds. */
  readonly timeSecs: number
  readonly widthPx: number
  readonly heightPx: number
  /** Sorted by id; empty where there is no face. */
  readonly faces: readonly LiveFace[]
  readonly voice: LiveVoice | null
  /** What analysing it took. */
  readonly analysisMs: number
}

/** The voice by itself, once a hop; with a camera its fused values stand in the faces of a reading. */
export interface LiveVoiceReading extends LiveVoice {
  /** Session time at which it was made, seconds. */
  readonly timeSecs: number
  /** Shape [7]: fusion with the voice alone; null without speech. */
  readonly fusionProbs: Float32Array | null
}

export interface LiveStarted {
  readonly backend: string
  /** Why each better backend is not used. */
  readonly refused: readonly { readonly name: string; readonly reason: string }[]
  readonly faceModel: string | null
  readonly speechModel: string | null
  readonly detector: string | null
  /** The rate at which sound is wanted: open the AudioContext with it, the browser resamples. */
  readonly sampleRateHz: number
  /** Middle frequency of each log-mel band, Hz. */
  readonly bandHz: Float64Array
  readonly windowSecs: number
  readonly speechHopSecs: number
}

export interface LivePortRequests {
  /** Loads the models where they are not loaded yet, and begins anew: numbers, clock, history. */
  startSession: {
    /** The window's clock at the session's zero: performance.now() + performance.timeOrigin. */
    ask: { readonly zeroMs: number; readonly withVideo: boolean; readonly withAudio: boolean }
    answer: LiveStarted
  }
  /** One camera frame; answered when it was analysed. Send one at a time. */
  analyseFrame: {
    ask: {
      readonly frameNumber: number
      /** On the clock of zeroMs. */
      readonly capturedAtMs: number
      readonly widthPx: number
      readonly heightPx: number
      /** RGBA, shape [heightPx, widthPx, 4], tightly packed. */
      readonly rgba: Uint8Array
      /** Camera frames dropped so far because one was still being analysed. */
      readonly droppedSoFar: number
    }
    answer: LiveReading
  }
  /** A block of sound, mono, at sampleRateHz. */
  pushAudio: {
    ask: {
      /** On the clock of zeroMs, of the first sample. */
      readonly capturedAtMs: number
      readonly samples: Float32Array
    }
    answer: null
  }
  /** The MediaRecorder has begun; main chose the place before. Rows of the table count from here. */
  startRecording: { ask: { readonly startedAtMs: number }; answer: null }
  /** A stretch of the recording as the MediaRecorder gives it; written in order. */
  recordChunk: { ask: { readonly bytes: Uint8Array }; answer: null }
  /** Closes the recording that main began, makes it seekable and puts its files in place. */
  finishRecording: {
    ask: { readonly isWanted: boolean }
    answer: { readonly fileName: string; readonly rows: number } | null
  }
  endSession: { ask: null; answer: null }
}

export interface LivePortEvents {
  features: LiveFeatures
  voice: LiveVoiceReading
}
