import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { recordingType, startTake } from '../../../renderer/live/take-recording'

describe('recordingType', () => {
  it.each([
    [true, 'video/webm;codecs=vp8,opus', 'webm'],
    [false, 'audio/webm;codecs=opus', 'webm'],
  ] as const)('with a picture %s: %s', (hasVideo, mimeType, container) => {
    expect(recordingType(hasVideo, () => true)).toEqual({ mimeType, container })
  })

  it('takes what there is, and nothing where there is nothing', () => {
    expect(recordingType(true, (type) => type === 'video/mp4')).toEqual({
      mimeType: 'video/mp4',
      container: 'mp4',
    })
    expect(recordingType(false, () => false)).toBeNull()
  })
})

class FakeRecorder extends EventTarget {
  static last: FakeRecorder
  state = 'inactive'
  constructor() {
    super()
    FakeRecorder.last = this
  }
  start(): void {
    this.state = 'recording'
  }
  give(text: string): void {
    this.dispatchEvent(Object.assign(new Event('dataavailable'), { data: new Blob([text]) }))
  }
  stop(): void {
    this.state = 'inactive'
    this.give('last')
    this.dispatchEvent(new Event('stop'))
  }
}

describe('startTake', () => {
  beforeEach(() => {
    vi.stubGlobal('MediaRecorder', FakeRecorder)
    vi.stubGlobal('MediaStream', class {})
  })
  afterEach(() => void vi.unstubAllGlobals())

  it('hands over chunks in order, the last one before stop is settled', async () => {
    const chunks: string[] = []
    const take = startTake('video/webm', {
      tracks: [],
      onChunk: async (bytes) => {
        await Promise.resolve()
        chunks.push(new TextDecoder().decode(bytes))
      },
      onError: (error) => expect(error).toBeUndefined(),
    })
    FakeRecorder.last.give('one')
    FakeRecorder.last.give('two')
    await take.stop()
    expect(chunks).toEqual(['one', 'two', 'last'])
  })

  it('ends with the first chunk that cannot be written, and tells it once', async () => {
    const errors: unknown[] = []
    let asked = 0
    const take = startTake('video/webm', {
      tracks: [],
      onChunk: () => {
        asked++
        return Promise.reject(new Error('disk full'))
      },
      onError: (error) => errors.push(error),
    })
    FakeRecorder.last.give('one')
    FakeRecorder.last.give('two')
    await take.stop()
    expect(asked).toBe(1)
    expect(errors).toEqual([new Error('disk full')])
    expect(FakeRecorder.last.state).toBe('inactive')
  })
})
