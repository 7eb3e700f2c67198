import { describe, expect, it } from 'vitest'
import {
  drawOverlay,
  type OverlayContext,
  type OverlayScene,
} from '../../../../renderer/views/analyse/stage/overlay-draw'
import { type OverlayRows, readFrame, readRow } from '../../../../renderer/views/analyse/stage/overlay-model'
import { buildRowIndex, rowsOfStep } from '../../../../renderer/views/analyse/stage/row-index'
import { overlayTexts } from '../../../../renderer/views/analyse/stage/stage-texts'

const ABSENT = Array.from({ length: 7 }, () => Number.NaN)
const sure = (emotion: number, value: number) =>
  Array.from({ length: 7 }, (_, at) => (at === emotion ? value : (1 - value) / 6))

/** Rows: happy face by fusion; face without a reading; no face but a sad voice; nothing at all; an analysed frame left out. */
const ROWS: OverlayRows = {
  faceId: Int32Array.of(1, 2, -1, -1, -1),
  faceBox: Float32Array.of(
    ...[100, 50, 200, 160],
    ...[10, 10, 24, 24],
    ...Array.from({ length: 12 }, () => Number.NaN),
  ),
  quality: Uint8Array.of(0, 3, 1, 1, 8),
  finalLabel: Int8Array.of(1, -1, 2, -1, -1),
  finalSource: Uint8Array.of(3, 0, 2, 0, 0),
  faceProbs: Float32Array.of(...sure(1, 0.6), ...ABSENT, ...ABSENT, ...ABSENT, ...ABSENT),
  fusionProbs: Float32Array.of(...sure(1, 0.8), ...ABSENT, ...sure(2, 0.5), ...ABSENT, ...ABSENT),
  speechProbs: Float32Array.of(...ABSENT, ...ABSENT, ...sure(2, 0.71), ...ABSENT, ...ABSENT),
}

describe('rows by step', () => {
  it('belong to a frame together, and stand alone without frame numbers', () => {
    const timeSecs = Float64Array.of(0, 0.04, 0.04, 0.08, 0.3)
    const durSecs = new Float64Array(5).fill(0.04)
    const frames = buildRowIndex({ count: 5, frame: Int32Array.of(0, 1, 1, 2, 3), timeSecs, durSecs })
    expect([...frames.timesSecs]).toEqual([0, 0.04, 0.08, 0.3])
    expect([0, 1, 2, 3].map((step) => rowsOfStep(frames, step))).toEqual([
      { from: 0, to: 1 },
      { from: 1, to: 3 },
      { from: 3, to: 4 },
      { from: 4, to: 5 },
    ])
    expect([rowsOfStep(frames, -1), rowsOfStep(frames, 4)]).toEqual([
      { from: 0, to: 0 },
      { from: 0, to: 0 },
    ])
    const hops = buildRowIndex({
      count: 3,
      frame: Int32Array.of(-1, -1, -1),
      timeSecs: Float64Array.of(0, 0.25, 0.5),
      durSecs: new Float64Array(3).fill(0.25),
    })
    expect(hops.timesSecs).toHaveLength(3)
  })
})

describe('what a row says', () => {
  it('is the emotion of the frame itself with its probability', () => {
    const reading = readRow(ROWS, 0)
    expect(reading).toMatchObject({ faceId: 1, emotion: 1, source: 'fusion', quality: 'ok' })
    expect(reading.confidence).toBeCloseTo(0.8, 6)
    expect(reading.box).toEqual({ x: 100, y: 50, width: 200, height: 160 })
    expect(readRow(ROWS, 2).confidence).toBeCloseTo(0.71, 6)
  })

  it('is a reason where there is no face, and never a number', () => {
    expect(readFrame(ROWS, 3, 4)).toMatchObject({ faces: [], reason: 'no_face' })
    expect(readFrame(ROWS, 4, 5).reason).toBe('not_analysed')
    expect(readRow(ROWS, 3).confidence).toBeNaN()
    expect(readFrame(ROWS, 0, 2)).toMatchObject({ reason: null })
    expect(readFrame(ROWS, 0, 2).faces).toHaveLength(2)
    expect(readFrame(ROWS, 0, 0)).toEqual({ faces: [], rows: [], reason: null })
  })

  it('reads as words', () => {
    const texts = overlayTexts((faceId) => (faceId === 2 ? 'Anna' : ''))
    const { faces } = readFrame(ROWS, 0, 2)
    expect(faces.map((face) => texts.faceLabel(face))).toEqual([
      'Face 1 · Happiness 80%',
      'Anna · Face too small',
    ])
    expect(texts.reasonLabel(readFrame(ROWS, 2, 3))).toBe('No face found · voice: Sadness 71%')
    expect(texts.reasonLabel(readFrame(ROWS, 3, 4))).toBe('No face found')
    expect(texts.reasonLabel(readFrame(ROWS, 0, 1))).toBe('')
  })
})

/** Remembers what is drawn; text is 6 px a letter. */
class Recorder {
  strokeStyle = ''
  fillStyle = ''
  lineWidth = 0
  font = ''
  textBaseline: CanvasTextBaseline = 'alphabetic'
  dash: number[] = []
  scale = 0
  readonly boxes: {
    x: number
    y: number
    width: number
    height: number
    colour: string
    isBroken: boolean
  }[] = []
  readonly chips: { x: number; y: number; width: number; colour: string }[] = []
  readonly texts: string[] = []
  readonly points: [number, number][] = []
  #chip: [number, number, number] | null = null
  setTransform(scale: number): void {
    this.scale = scale
  }
  clearRect(): void {
    this.boxes.length = this.chips.length = this.texts.length = this.points.length = 0
  }
  setLineDash(dash: number[]): void {
    this.dash = dash
  }
  strokeRect(x: number, y: number, width: number, height: number): void {
    this.boxes.push({ x, y, width, height, colour: this.strokeStyle, isBroken: this.dash.length > 0 })
  }
  fillRect(): void {}
  beginPath(): void {
    this.#chip = null
  }
  moveTo(): void {}
  arc(x: number, y: number): void {
    this.points.push([x, y])
  }
  roundRect(x: number, y: number, width: number): void {
    this.#chip = [x, y, width]
  }
  fill(): void {
    if (this.#chip) {
      const [x, y, width] = this.#chip
      this.chips.push({ x, y, width, colour: this.fillStyle })
    }
  }
  stroke(): void {}
  fillText(text: string): void {
    this.texts.push(text)
  }
  measureText(text: string): { width: number } {
    return { width: text.length * 6 }
  }
}

function draw(changes: Partial<OverlayScene> = {}) {
  const recorder = new Recorder()
  drawOverlay(recorder as unknown as OverlayContext, {
    stage: { widthPx: 800, heightPx: 450 },
    pixelRatio: 2,
    // A source of 640 x 480 with bars at the sides.
    picture: { x: 100, y: 0, width: 600, height: 450 },
    source: { widthPx: 640, heightPx: 480 },
    reading: readFrame(ROWS, 0, 2),
    landmarksOf: () => null,
    style: {
      emotionColours: ['#8b929d', '#e69f00', '#0072b2', '#d55e00', '#cc79a7', '#009e73', '#56b4e9'],
      fontFamily: 'sans-serif',
      showsBoxes: true,
    },
    texts: overlayTexts(() => ''),
    ...changes,
  })
  return recorder
}

describe('the overlay', () => {
  it('puts boxes where the faces are, in the colour of the emotion, at the display’s resolution', () => {
    const { boxes, scale, texts } = draw()
    expect(scale).toBe(2)
    const scaled = 600 / 640
    const first = boxes.find(({ colour }) => colour === '#e69f00')
    expect(first).toMatchObject({ isBroken: false })
    expect(first?.x).toBeCloseTo(100 + 100 * scaled, 6)
    expect(first?.y).toBeCloseTo(50 * scaled, 6)
    expect(first?.width).toBeCloseTo(200 * scaled, 6)
    expect(texts[0]).toBe('Face 1 · Happiness 80%')
    // The box of a face that nothing was read from.
    expect(boxes.some(({ isBroken }) => isBroken)).toBe(true)
  })

  it('keeps words on the stage when a face lies at or beyond its edge', () => {
    for (const picture of [
      { x: 100, y: 0, width: 600, height: 450 },
      { x: -900, y: -700, width: 2400, height: 1800 },
      { x: 400, y: 300, width: 2400, height: 1800 },
    ]) {
      const { chips } = draw({ picture })
      expect(chips).toHaveLength(2)
      for (const { x, y, width } of chips) {
        expect(x).toBeGreaterThanOrEqual(0)
        expect(y).toBeGreaterThanOrEqual(0)
        expect(x + width).toBeLessThanOrEqual(800)
        expect(y + 22).toBeLessThanOrEqual(450)
      }
    }
  })

  it('puts landmarks in source pixels and leaves absent ones out', () => {
    const points = new Float32Array(136).fill(Number.NaN)
    points.set([320, 240], 0)
    points.set([0, 0], 2)
    const recorder = draw({ landmarksOf: (row) => (row === 0 ? points : null) })
    expect(recorder.points).toEqual([
      [400, 225],
      [100, 0],
    ])
  })

  it('says why there is no face, and draws nothing else', () => {
    const { boxes, texts } = draw({ reading: readFrame(ROWS, 3, 4) })
    expect([boxes.length, texts]).toEqual([0, ['No face found']])
  })

  it('draws nothing when it is switched off', () => {
    const recorder = draw()
    expect(recorder.boxes.length).toBeGreaterThan(0)
    const off = draw({ style: { emotionColours: [], fontFamily: '', showsBoxes: false } })
    expect([off.boxes.length, off.texts.length]).toEqual([0, 0])
  })
})
