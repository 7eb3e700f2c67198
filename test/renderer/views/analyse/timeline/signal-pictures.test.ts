import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, shallowRef } from 'vue'
import type { TimeRange } from '../../../../../renderer/plots/time-scale'
import type { SignalAnswer, SignalKind } from '../../../../../renderer/plots/types'
import { useSignalPictures } from '../../../../../renderer/views/analyse/timeline/useSignalPictures'

interface Question {
  readonly fromSecs: number
  readonly toSecs: number
  readonly maxColumns: number
  answer(isComplete?: boolean): void
  fail(message: string): void
}

function waveform(fromSecs: number, isComplete: boolean): SignalAnswer {
  return {
    kind: 'waveform',
    startSecs: fromSecs,
    stepSecs: 1,
    columns: 1,
    isComplete,
    soundStartSecs: 0,
    soundEndSecs: 100,
    minimum: Float32Array.of(-0.15),
    maximum: Float32Array.of(0.1),
    rms: Float32Array.of(0.05),
  }
}

describe('useSignalPictures', () => {
  const questions: Question[] = []
  const provider = (_kind: SignalKind, fromSecs: number, toSecs: number, maxColumns: number) =>
    new Promise<SignalAnswer | null>((resolve, reject) => {
      questions.push({
        fromSecs,
        toSecs,
        maxColumns,
        answer: (isComplete = true) => resolve(waveform(fromSecs, isComplete)),
        fail: (message) => reject(new Error(message)),
      })
    })
  const range = shallowRef<TimeRange>({ fromSecs: 0, toSecs: 100 })
  let scope = effectScope()
  let sound: ReturnType<typeof useSignalPictures>

  async function settle(): Promise<void> {
    await nextTick()
    await vi.advanceTimersByTimeAsync(200)
  }

  beforeEach(async () => {
    vi.useFakeTimers()
    questions.length = 0
    range.value = { fromSecs: 0, toSecs: 100 }
    scope = effectScope()
    scope.run(() => {
      sound = useSignalPictures({
        provider: () => provider,
        range,
        whole: { fromSecs: 0, toSecs: 100 },
        kinds: ['waveform'],
        columns: 500,
      })
    })
    await settle()
  })

  afterEach(() => {
    scope.stop()
    vi.useRealTimers()
  })

  it('asks for what is in view with a margin, inside the clip', async () => {
    expect(questions[0]).toMatchObject({ fromSecs: 0, toSecs: 100, maxColumns: 500 })
    range.value = { fromSecs: 40, toSecs: 60 }
    await settle()
    expect(questions[1]).toMatchObject({ fromSecs: 35, toSecs: 65, maxColumns: 750 })
  })

  it('asks once for many moves', async () => {
    for (let at = 1; at < 20; at++) {
      range.value = { fromSecs: at, toSecs: at + 10 }
      await nextTick()
      await vi.advanceTimersByTimeAsync(16)
    }
    await settle()
    expect(questions.length).toBe(2)
  })

  it('keeps the last picture until the next comes, and drops late answers', async () => {
    questions[0]!.answer()
    await settle()
    expect(sound.pictures.waveform()?.startSecs).toBe(0)
    range.value = { fromSecs: 40, toSecs: 50 }
    await settle()
    expect(sound.pictures.waveform()?.startSecs).toBe(0)
    range.value = { fromSecs: 80, toSecs: 90 }
    await settle()
    questions[2]!.answer()
    await settle()
    questions[1]!.answer()
    await settle()
    expect(sound.pictures.waveform()?.startSecs).toBe(77.5)
    expect(sound.revisions.waveform.value).toBe(3)
  })

  it('asks again while the sound is being read', async () => {
    questions[0]!.answer(false)
    await settle()
    expect(sound.isReading.value).toBe(true)
    await vi.advanceTimersByTimeAsync(1000)
    expect(questions.length).toBe(2)
    questions[1]!.answer()
    await settle()
    expect(sound.isReading.value).toBe(false)
  })

  it('says why there is no picture', async () => {
    questions[0]!.fail('the recording is gone')
    await settle()
    expect(sound.failure.value).toBe('the recording is gone')
  })

  it('scales the waveform to the loudest that was seen', async () => {
    expect(sound.pictures.fullScale()).toBe(0.05)
    questions[0]!.answer()
    await settle()
    expect(sound.pictures.fullScale()).toBe(0.2)
  })
})
