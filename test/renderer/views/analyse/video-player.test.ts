import { describe, expect, it, vi } from 'vitest'
import { clockCorrectionSecs } from '../../../../renderer/views/analyse/stage/clock-correction'
import { type VideoElement, VideoPlayer } from '../../../../renderer/views/analyse/stage/video-player'

/** Phone video: frames last 14 to 62 ms; the file's first timestamp is 1.4 s after its own zero. */
const TIMES = Float64Array.from({ length: 50 }, (_, at) => at * 0.05 + (at % 4) * 0.012)
const DURATION_SECS = 2.6
const OFFSET_SECS = -1.4

/** A media element that seeks when told to and presents the frames that the test presents. */
class FakeVideo extends EventTarget {
  playbackRate = 1
  volume = 1
  muted = false
  readyState = 2
  paused = true
  seeking = false
  seeks: number[] = []
  /** The first picture. */
  presentedSecs = -OFFSET_SECS
  #now = 0
  #callback: VideoFrameRequestCallback | null = null
  readonly failure: Error | null
  constructor(failure: Error | null = null) {
    super()
    this.failure = failure
  }
  get currentTime(): number {
    return this.#now
  }
  set currentTime(secs: number) {
    this.#now = secs
    this.seeks.push(secs)
    this.seeking = true
  }
  arrive(): void {
    this.seeking = false
    this.dispatchEvent(new Event('seeked'))
  }
  play(): Promise<void> {
    if (this.failure) return Promise.reject(this.failure)
    this.paused = false
    return Promise.resolve()
  }
  pause(): void {
    this.paused = true
  }
  requestVideoFrameCallback(callback: VideoFrameRequestCallback): number {
    this.#callback = callback
    return 1
  }
  cancelVideoFrameCallback(): void {
    this.#callback = null
  }
  get isWatched(): boolean {
    return this.#callback !== null
  }
  /** At a time in whole microseconds, cut off, as media pipelines have it. */
  present(frame: number): void {
    const callback = this.#callback
    this.#callback = null
    this.presentedSecs = Math.floor((TIMES[frame]! - OFFSET_SECS) * 1e6) / 1e6
    callback?.(0, { mediaTime: this.presentedSecs } as VideoFrameCallbackMetadata)
  }
}

/** @param primingSecs how late the element's clock is */
function setUp(video = new FakeVideo(), primingSecs = 0) {
  const frames: number[] = []
  const failures: unknown[] = []
  let ends = 0
  let open = 0
  const player = new VideoPlayer(video as unknown as VideoElement, {
    capture: () => {
      open++
      return {
        mediaSecs: video.presentedSecs + primingSecs,
        picture: {} as CanvasImageSource,
        close: () => void open--,
      }
    },
    timesSecs: () => TIMES,
    durationSecs: () => DURATION_SECS,
    offsetSecs: () => OFFSET_SECS,
    onFrame: (frame) => frames.push(frame),
    onEnded: () => ends++,
    onFailed: (error) => failures.push(error),
  })
  return { video, player, frames, failures, ended: () => ends, openPictures: () => open }
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0))

describe('a clock that starts with the priming of the sound', () => {
  const at25Fps = Float64Array.from({ length: 20 }, (_, at) => at * 0.04)
  it.each([
    [0, 0, 'right already'],
    [0.0008, 0, 'off by rounding'],
    [1024 / 48_000, -1024 / 48_000, 'AAC at 48 kHz'],
    [2112 / 44_100, -2112 / 44_100, 'AAC of another encoder at 44.1 kHz'],
    [0.04, 0, 'the player left a frame out'],
    [0.0803, 0, 'the player left two frames out'],
    [0.4, 0, 'no priming is that long'],
    [-0.02, 0, 'early'],
    [Number.NaN, 0, 'unknown'],
  ])('%f s late is moved by %f s: %s', (firstSecs, correctionSecs) => {
    expect(clockCorrectionSecs(at25Fps, firstSecs)).toBeCloseTo(correctionSecs, 12)
  })

  it('is put right before the first seek', async () => {
    const { video, player, frames } = setUp(new FakeVideo(), 1024 / 48_000)
    const playing = player.play(7)
    await settled()
    const trueSecs = video.seeks[0]! - 1024 / 48_000 + OFFSET_SECS
    expect(trueSecs).toBeGreaterThan(TIMES[7]!)
    expect(trueSecs).toBeLessThan(TIMES[8]!)
    video.arrive()
    await playing
    for (let frame = 7; frame < 40; frame++) video.present(frame)
    expect(frames).toEqual(Array.from({ length: 33 }, (_, at) => at + 7))
  })
})

describe('playing a video from a frame', () => {
  it('seeks inside the frame, on the clock of the file', async () => {
    for (let frame = 0; frame < TIMES.length; frame++) {
      const { video, player } = setUp()
      void player.play(frame)
      await settled()
      const atSecs = video.seeks[0]! + OFFSET_SECS
      expect(atSecs).toBeGreaterThan(TIMES[frame]!)
      expect(atSecs).toBeLessThan(TIMES[frame + 1] ?? DURATION_SECS)
      player.close()
    }
  })

  it('names each frame that is presented, in spite of cut-off microseconds', async () => {
    const { video, player, frames, openPictures } = setUp()
    const playing = player.play(7)
    await settled()
    video.arrive()
    await playing
    expect(video.paused).toBe(false)
    for (let frame = 7; frame < 40; frame++) video.present(frame)
    expect(frames).toEqual(Array.from({ length: 33 }, (_, at) => at + 7))
    // A picture that is kept stalls the decoder.
    expect(openPictures()).toBe(0)
  })

  it('says nothing of frames presented while it seeks', async () => {
    const { video, player, frames } = setUp()
    const playing = player.play(7)
    await settled()
    video.arrive()
    await playing
    video.present(7)
    player.moveTo(30)
    await settled()
    video.present(8)
    video.arrive()
    video.present(30)
    expect(frames).toEqual([7, 30])
  })

  it('says nothing more after a pause, and starts again where it was without a seek', async () => {
    const { video, player, frames } = setUp()
    const playing = player.play(7)
    await settled()
    video.arrive()
    await playing
    video.present(7)
    video.present(8)
    player.pause()
    expect([video.paused, video.isWatched]).toEqual([true, false])
    await player.play(8)
    expect(video.seeks).toHaveLength(1)
    video.present(9)
    expect(frames).toEqual([7, 8, 9])
  })

  it('seeks before it plays from a frame that was stepped to', async () => {
    const { video, player } = setUp()
    const playing = player.play(7)
    await settled()
    video.arrive()
    await playing
    video.present(7)
    player.pause()
    void player.play(6)
    await settled()
    expect(video.seeks).toHaveLength(2)
    expect(video.paused).toBe(true)
    video.arrive()
    await settled()
    expect(video.paused).toBe(false)
  })

  it('does not begin when it is paused while it seeks', async () => {
    const { video, player, frames } = setUp()
    const playing = player.play(7)
    await settled()
    player.pause()
    video.arrive()
    await playing
    expect(video.paused).toBe(true)
    video.present(7)
    expect(frames).toEqual([])
  })

  it('passes on why it cannot play', async () => {
    const { video, player, failures } = setUp(new FakeVideo(new Error('no decoder')))
    const playing = player.play(0)
    await settled()
    video.arrive()
    await playing
    expect(failures).toEqual([new Error('no decoder')])
  })

  it('passes on an end that is reached while playing, and no other', async () => {
    const { video, player, ended } = setUp()
    video.dispatchEvent(new Event('ended'))
    expect(ended()).toBe(0)
    const playing = player.play(40)
    await settled()
    video.arrive()
    await playing
    video.dispatchEvent(new Event('ended'))
    expect(ended()).toBe(1)
    player.close()
    video.dispatchEvent(new Event('ended'))
    expect(ended()).toBe(1)
  })

  it('has the element wait at the frame where the playhead rests', async () => {
    vi.useFakeTimers()
    try {
      const { video, player } = setUp()
      for (let frame = 10; frame < 20; frame++) {
        player.prepareSoon(frame)
        await vi.advanceTimersByTimeAsync(20)
      }
      expect(video.seeks).toEqual([])
      await vi.advanceTimersByTimeAsync(1000)
      expect(video.seeks).toHaveLength(1)
      expect(video.seeks[0]! + OFFSET_SECS).toBeGreaterThan(TIMES[19]!)
      video.arrive()
      void player.play(19)
      await vi.advanceTimersByTimeAsync(1)
      // It stands there already.
      expect(video.seeks).toHaveLength(1)
      expect(video.paused).toBe(false)
    } finally {
      vi.useRealTimers()
    }
  })
})
