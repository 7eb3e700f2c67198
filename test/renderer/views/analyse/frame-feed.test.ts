import { describe, expect, it } from 'vitest'
import { FaultError } from '../../../../renderer/bridge/bridge'
import { FrameFeed } from '../../../../renderer/views/analyse/stage/frame-feed'

class FakePicture {
  isClosed = false
  constructor(readonly step: number) {}
  close(): void {
    this.isClosed = true
  }
}

/** A reader as the viewer's: a newer request cancels an older one; answers come when the test says so. */
function fakeReader(stepCount: number) {
  const asked: number[] = []
  const made: FakePicture[] = []
  let waiting: {
    step: number
    resolve: (picture: FakePicture) => void
    reject: (error: unknown) => void
  } | null = null
  const read = (step: number): Promise<FakePicture> => {
    asked.push(step)
    waiting?.reject(new FaultError({ code: 'cancelled', message: 'Cancelled' }))
    return new Promise((resolve, reject) => (waiting = { step, resolve, reject }))
  }
  const settle = async (fault?: FaultError) => {
    const now = waiting
    waiting = null
    if (fault) now?.reject(fault)
    else if (now) {
      const picture = new FakePicture(now.step)
      made.push(picture)
      now.resolve(picture)
    }
    await new Promise((resolve) => setTimeout(resolve, 0))
  }
  return { asked, made, settle, feed: new FrameFeed({ read, stepCount: () => stepCount, kept: 6, ahead: 2 }) }
}

describe('pictures of steps', () => {
  it('gives the step that was asked for and fetches on in the direction of the move', async () => {
    const { feed, asked, settle } = fakeReader(100)
    const first = feed.show(10)
    await settle()
    expect((await first)?.step).toBe(10)
    const second = feed.show(11)
    // The fetch ahead of the first was under way for the same step.
    for (let turn = 0; turn < 6; turn++) await settle()
    expect((await second)?.step).toBe(11)
    expect(feed.peek(12)?.step).toBe(12)
    expect(feed.peek(13)?.step).toBe(13)
    asked.length = 0
    await feed.show(12)
    expect(asked).toEqual([14])
  })

  it('fetches backwards when the playhead goes back', async () => {
    const { feed, settle } = fakeReader(100)
    const far = feed.show(50)
    await settle()
    await far
    const back = feed.show(49)
    for (let turn = 0; turn < 6; turn++) await settle()
    await back
    expect([feed.peek(48)?.step, feed.peek(47)?.step]).toEqual([48, 47])
  })

  it('drops the answer to a question that is no longer asked', async () => {
    const { feed, settle } = fakeReader(100)
    const old = feed.show(10)
    const newer = feed.show(30)
    await settle()
    expect(await old).toBeNull()
    expect((await newer)?.step).toBe(30)
  })

  it('does not ask beyond either end', async () => {
    const { feed, asked, settle } = fakeReader(3)
    const last = feed.show(2)
    for (let turn = 0; turn < 4; turn++) await settle()
    await last
    const first = feed.show(0)
    for (let turn = 0; turn < 4; turn++) await settle()
    await first
    expect(asked.every((step) => step >= 0 && step < 3)).toBe(true)
  })

  it('lets go of the farthest pictures and keeps the one that is shown', async () => {
    const { feed, made, settle } = fakeReader(1000)
    for (const step of [10, 11, 12, 200, 201, 400]) {
      const shown = feed.show(step)
      for (let turn = 0; turn < 5; turn++) await settle()
      expect((await shown)?.isClosed).toBe(false)
    }
    expect(made.filter(({ isClosed }) => !isClosed).length).toBeLessThanOrEqual(6)
    expect(feed.peek(10)).toBeNull()
  })

  it('passes on why a wanted step cannot be decoded, and keeps quiet about one fetched ahead', async () => {
    const { feed, settle } = fakeReader(100)
    const broken = feed.show(10)
    const failure = expect(broken).rejects.toMatchObject({ code: 'media.decode-failed' })
    await settle(new FaultError({ code: 'media.decode-failed', message: 'frame 10' }))
    await failure
    const good = feed.show(11)
    await settle()
    expect((await good)?.step).toBe(11)
    await settle(new FaultError({ code: 'media.decode-failed', message: 'frame 12' }))
    expect(feed.peek(12)).toBeNull()
  })

  it('closes every picture in the end, also one that comes late', async () => {
    const { feed, made, settle } = fakeReader(100)
    const shown = feed.show(10)
    for (let turn = 0; turn < 2; turn++) await settle()
    await shown
    feed.close()
    for (let turn = 0; turn < 3; turn++) await settle()
    expect(made.length).toBeGreaterThan(1)
    expect(made.every(({ isClosed }) => isClosed)).toBe(true)
    expect(await feed.show(11)).toBeNull()
  })
})
