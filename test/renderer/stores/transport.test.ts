import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Player, SPEEDS, useTransportStore } from '../../../renderer/stores/transport'

/** Frames of 20 to 60 ms. */
const TIMES = Float64Array.from({ length: 60 }, (_, at) => at * 0.04 + (at % 3) * 0.01)
const STEPS = { timesSecs: TIMES, durationSecs: 2.42, areFrames: true }

class FakePlayer implements Player {
  readonly calls: string[] = []
  speed = 0
  sound = { volume: -1, isMuted: true }
  play(step: number): Promise<void> {
    this.calls.push(`play ${step}`)
    return Promise.resolve()
  }
  pause(): void {
    this.calls.push('pause')
  }
  moveTo(step: number): void {
    this.calls.push(`move ${step}`)
  }
  setSpeed(speed: number): void {
    this.speed = speed
  }
  setSound(sound: { volume: number; isMuted: boolean }): void {
    this.sound = sound
  }
}

function opened() {
  const transport = useTransportStore()
  transport.setSteps(STEPS)
  const player = new FakePlayer()
  const detach = transport.attach(player)
  return { transport, player, detach }
}

beforeEach(() => setActivePinia(createPinia()))

describe('steps', () => {
  it.each([1, 2, 7, 24])('%i forward and as many back is where it began', (count) => {
    const { transport } = opened()
    for (let start = 0; start + count < TIMES.length; start++) {
      transport.goToStep(start)
      transport.stepBy(count)
      expect(transport.step).toBe(start + count)
      expect(transport.timeSecs).toBe(TIMES[start + count])
      transport.stepBy(-count)
      expect(transport.step).toBe(start)
      expect(transport.timeSecs).toBe(TIMES[start])
    }
  })

  it('end at the first and last frame', () => {
    const { transport } = opened()
    transport.stepBy(-1)
    expect(transport.step).toBe(0)
    transport.goToStep(10_000)
    expect(transport.step).toBe(59)
    transport.stepBy(1)
    expect(transport.step).toBe(59)
  })

  it('stop what plays, on the frame that was shown', async () => {
    const { transport, player } = opened()
    await transport.play()
    transport.shown(TIMES[20]!, 20)
    transport.stepBy(1)
    expect(transport.isPlaying).toBe(false)
    expect(player.calls).toEqual(['play 0', 'pause'])
    expect(transport.step).toBe(21)
  })

  it('do nothing without a clip', () => {
    const transport = useTransportStore()
    transport.stepBy(1)
    transport.goToSecs(3)
    expect([transport.step, transport.timeSecs, transport.jumps]).toEqual([0, 0, 0])
  })
})

describe('jumps', () => {
  it('find the frame that holds at an instant, also one written with six decimals', () => {
    const { transport } = opened()
    for (let frame = 0; frame < TIMES.length; frame++) {
      transport.goToSecs(Number(TIMES[frame]!.toFixed(6)))
      expect(transport.step).toBe(frame)
      transport.goToSecs(TIMES[frame]! + 0.01)
      expect(transport.step).toBe(frame)
    }
  })

  it('go to a time or frame of the clip, and nowhere else', () => {
    const { transport } = opened()
    expect(transport.jump({ kind: 'frame', frame: 59 })).toBe(true)
    expect(transport.step).toBe(59)
    expect(transport.jump({ kind: 'frame', frame: 60 })).toBe(false)
    expect(transport.jump({ kind: 'time', secs: 2.5 })).toBe(false)
    expect(transport.step).toBe(59)
    expect(transport.jump({ kind: 'time', secs: 0 })).toBe(true)
    expect(transport.step).toBe(0)
  })

  it('know no frame numbers where there are no frames', () => {
    const { transport } = opened()
    transport.setSteps({ ...STEPS, areFrames: false })
    expect(transport.jump({ kind: 'frame', frame: 3 })).toBe(false)
  })

  it('are followed by what plays', async () => {
    const { transport, player } = opened()
    await transport.play()
    transport.goToStep(30)
    expect(player.calls).toEqual(['play 0', 'move 30'])
    expect(transport.isPlaying).toBe(true)
  })
})

describe('playing', () => {
  it('begins at the very frame of the playhead and shows what the player shows', async () => {
    const { transport, player } = opened()
    transport.goToStep(17)
    await transport.play()
    expect(player.calls).toEqual(['play 17'])
    transport.shown(TIMES[18]!, 18)
    expect([transport.step, transport.timeSecs]).toEqual([18, TIMES[18]])
    transport.pause()
    // The element presents one frame more after it was told to stop; the playhead stays.
    transport.shown(TIMES[19]!, 19)
    expect(transport.step).toBe(18)
  })

  it('begins anew from the last frame, and stops there', async () => {
    const { transport, player } = opened()
    transport.goToStep(59)
    await transport.play()
    expect(player.calls).toEqual(['play 0'])
    transport.ended()
    expect([transport.isPlaying, transport.step]).toEqual([false, 59])
  })

  it('stays stopped when it cannot begin', async () => {
    const { transport } = opened()
    await transport.play()
    transport.failed()
    expect(transport.isPlaying).toBe(false)
  })

  it('stops when the player leaves', async () => {
    const { transport, detach } = opened()
    await transport.play()
    detach()
    expect(transport.isPlaying).toBe(false)
    await transport.play()
    expect(transport.isPlaying).toBe(false)
  })
})

describe('the loop', () => {
  it('goes back to its first frame at its end, and over the end of the clip', async () => {
    const { transport, player } = opened()
    transport.setLoop({ fromSecs: TIMES[10]!, toSecs: TIMES[20]! })
    transport.goToStep(10)
    await transport.play()
    for (let frame = 11; frame < 20; frame++) transport.shown(TIMES[frame]!, frame)
    expect(player.calls).toEqual(['play 10'])
    transport.shown(TIMES[20]!, 20)
    expect(player.calls).toEqual(['play 10', 'move 10'])
    expect(transport.step).toBe(10)

    transport.setLoop({ fromSecs: TIMES[50]!, toSecs: 2.42 })
    transport.ended()
    expect(player.calls.at(-1)).toBe('move 50')
    expect(transport.isPlaying).toBe(true)
  })

  it('is entered when playing begins outside of it', async () => {
    const { transport, player } = opened()
    transport.setLoop({ fromSecs: TIMES[10]!, toSecs: TIMES[20]! })
    transport.goToStep(40)
    await transport.play()
    expect(player.calls).toEqual(['play 10'])
  })

  it('has a length', () => {
    const { transport } = opened()
    transport.setLoop({ fromSecs: 1, toSecs: 1 })
    expect(transport.loop).toBeNull()
  })

  it('ends with the clip it was set in', () => {
    const { transport } = opened()
    transport.setLoop({ fromSecs: 0, toSecs: 1 })
    transport.setSteps(STEPS, { isSameClip: true })
    expect(transport.loop).not.toBeNull()
    transport.setSteps(STEPS)
    expect(transport.loop).toBeNull()
  })
})

describe('speed and sound', () => {
  it('walks the usual speeds between a quarter and four', () => {
    const { transport, player } = opened()
    for (let press = 0; press < 20; press++) transport.changeSpeed(1)
    expect(player.speed).toBe(4)
    const down: number[] = []
    for (let press = 0; press < 20; press++) {
      transport.changeSpeed(-1)
      down.push(transport.speed)
    }
    expect([...new Set(down)]).toEqual([...SPEEDS].reverse().slice(1))
    transport.setSpeed(100)
    expect(transport.speed).toBe(4)
  })

  it('tells a new player what was chosen before', () => {
    const { transport } = opened()
    transport.setSpeed(0.5)
    transport.setSound({ volume: 0.25, isMuted: true })
    const next = new FakePlayer()
    transport.attach(next)
    expect([next.speed, next.sound]).toEqual([0.5, { volume: 0.25, isMuted: true }])
  })
})

describe('another knowledge of the same clip', () => {
  it('keeps the instant', () => {
    const { transport } = opened()
    transport.goToStep(30)
    const atSecs = transport.timeSecs
    const denser = Float64Array.from({ length: 121 }, (_, at) => at * 0.02)
    transport.setSteps({ ...STEPS, timesSecs: denser }, { isSameClip: true })
    expect(transport.timeSecs).toBeCloseTo(atSecs, 9)
    transport.setSteps(STEPS)
    expect(transport.timeSecs).toBe(0)
  })
})
