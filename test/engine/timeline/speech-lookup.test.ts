import { describe, expect, it } from 'vitest'
import type { SpeechTimeline } from '../../../main/engine/speech/types'
import { speechCells } from '../../../main/engine/timeline/readings'
import { createSpeechLookup } from '../../../main/engine/timeline/speech-lookup'
import { seeded, speechWindow, spoken } from './fixtures'

/** The rule as a plain search through all windows. */
function nearest(speech: SpeechTimeline, timeSecs: number): number {
  let best = -1
  let bestDistance = Number.POSITIVE_INFINITY
  speech.windows.forEach((window, index) => {
    if (window.state !== 'speech' || timeSecs < window.startSecs || timeSecs >= window.endSecs) return
    const distance = Math.abs(timeSecs - (window.startSecs + window.endSecs) / 2)
    if (distance < bestDistance) {
      best = index
      bestDistance = distance
    }
  })
  return best
}

function randomSpeech(seed: number): SpeechTimeline {
  const random = seeded(seed)
  const windows = []
  const activity = []
  let at = 0
  while (at < 60) {
    const silentSecs = random() * 3
    windows.push(speechWindow(at, at + silentSecs, null))
    at += silentSecs
    const longSecs = 0.3 + random() * 8
    activity.push({ startSecs: at, endSecs: at + longSecs })
    if (longSecs < 0.6) windows.push(speechWindow(at, at + longSecs, null, { state: 'too_short' }))
    else if (longSecs <= 2.5) windows.push(speechWindow(at, at + longSecs, 1))
    else
      for (let start = 0; start + 2.5 <= longSecs; start += 0.25)
        windows.push(speechWindow(at + start, at + start + 2.5, 2))
    at += longSecs
  }
  return { span: { startSecs: 0, endSecs: at }, activity, windows }
}

describe('the speech window that speaks for a moment', () => {
  it('is the covering one with the nearest centre, as a plain search finds it', () => {
    let found = 0
    for (let seed = 1; seed <= 20; seed++) {
      const speech = randomSpeech(seed)
      const lookup = createSpeechLookup(speech)
      for (let timeSecs = -0.5; timeSecs < 61; timeSecs += 0.0371) {
        const wanted = nearest(speech, timeSecs)
        if (wanted >= 0) found++
        expect(lookup.windowAt(timeSecs)).toBe(wanted)
      }
    }
    expect(found).toBeGreaterThan(10_000)
  })

  it('is the earlier one on a tie, and none at the open end', () => {
    const lookup = createSpeechLookup(spoken(8, 0, 8, () => 1))
    // Centres lie at 1.25, 1.5, ...: 1.375 is as far from both.
    expect(lookup.windowAt(1.375)).toBe(0)
    expect(lookup.windowAt(1.376)).toBe(1)
    expect(lookup.windowAt(0)).toBe(0)
    expect(lookup.windowAt(8)).toBe(-1)
    expect(lookup.isInAudio(8)).toBe(false)
  })

  it('finds a covering window behind nearer ones that do not cover', () => {
    const speech: SpeechTimeline = {
      span: { startSecs: 0, endSecs: 20 },
      activity: [{ startSecs: 0, endSecs: 20 }],
      windows: [speechWindow(0, 10, 1), speechWindow(7, 7.6, 2)],
    }
    expect(createSpeechLookup(speech).windowAt(6.9)).toBe(0)
    expect(createSpeechLookup(speech).windowAt(7.5)).toBe(1)
  })

  it('knows detected speech by half-open bounds', () => {
    const lookup = createSpeechLookup(spoken(10, 2, 7, () => 1))
    expect([1.99, 2, 6.99, 7].map((timeSecs) => lookup.isActiveAt(timeSecs))).toEqual([
      false,
      true,
      true,
      false,
    ])
  })
})

it('windows cut into cells agree with the lookup and do not overlap', () => {
  for (let seed = 1; seed <= 10; seed++) {
    const speech = randomSpeech(seed)
    const lookup = createSpeechLookup(speech)
    const probs = new Float32Array(speech.windows.length * 7)
    // The number of the window stands where its probabilities belong.
    speech.windows.forEach((_, index) => probs.fill(index, index * 7, index * 7 + 7))
    const cells = speechCells({ speech, speechWindowProbs: probs })
    expect(cells.startsSecs.length).toBe(speech.windows.filter(({ state }) => state === 'speech').length)
    for (let cell = 0; cell < cells.startsSecs.length; cell++) {
      const start = cells.startsSecs[cell] ?? 0
      const end = cells.endsSecs[cell] ?? 0
      expect(end).toBeGreaterThan(start)
      expect(start).toBeGreaterThanOrEqual((cells.endsSecs[cell - 1] ?? 0) - 1e-12)
      for (const share of [0.01, 0.5, 0.99])
        expect(lookup.windowAt(start + share * (end - start))).toBe(cells.probs[cell * 7])
    }
  }
})
