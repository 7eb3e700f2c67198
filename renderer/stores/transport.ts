import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { TimeRange } from '../plots/time-scale'
import { clampFrame, frameAt } from '../views/analyse/time/frame-times'
import type { JumpTarget } from '../views/analyse/time/jump-target'

/** What moves the playhead while playing: a video or audio element. */
export interface Player {
  /** Begins at a step, exactly. Calls of `shown` follow. */
  play(step: number): Promise<void>
  pause(): void
  /** Goes on playing elsewhere. */
  moveTo(step: number): void
  setSpeed(speed: number): void
  setSound(sound: { readonly volume: number; readonly isMuted: boolean }): void
}

export const SPEEDS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4] as const
const NO_STEPS = new Float64Array(0)

/** The clip's steps: frames, or rows at the speech hop where there are no pictures. */
export interface Steps {
  /** Ascending. */
  readonly timesSecs: Float64Array
  readonly durationSecs: number
  /** False where a step is a speech hop and has no frame number. */
  readonly areFrames: boolean
}

/** The playhead and how it moves: the one truth of where the clip stands. */
export const useTransportStore = defineStore('transport', () => {
  const steps = shallowRef<Steps>({ timesSecs: NO_STEPS, durationSecs: 0, areFrames: true })
  const step = shallowRef(0)
  /** Between steps while sound alone plays. */
  const timeSecs = shallowRef(0)
  const isPlaying = shallowRef(false)
  const speed = shallowRef(1)
  const volume = shallowRef(1)
  const isMuted = shallowRef(false)
  const loop = shallowRef<TimeRange | null>(null)
  /** Whether the timeline keeps the playhead in view. */
  const isFollowing = shallowRef(true)
  /** Counts moves by the user, so that a view can tell them from playing. */
  const jumps = shallowRef(0)
  let player: Player | null = null

  const stepCount = computed(() => steps.value.timesSecs.length)
  const durationSecs = computed(() => steps.value.durationSecs)

  /** A new clip, or better knowledge of the same one: then the playhead stays at its instant. */
  function setSteps(next: Steps, { isSameClip = false } = {}): void {
    const keptSecs = isSameClip ? timeSecs.value : 0
    steps.value = next
    if (!isSameClip) {
      stop()
      loop.value = null
    }
    place(Math.max(0, frameAt(next.timesSecs, keptSecs + TOLERANCE_SECS)))
  }

  function place(next: number): void {
    step.value = clampFrame(next, Math.max(1, stepCount.value))
    timeSecs.value = steps.value.timesSecs[step.value] ?? 0
  }

  function attach(next: Player): () => void {
    player = next
    next.setSpeed(speed.value)
    next.setSound({ volume: volume.value, isMuted: isMuted.value })
    return () => {
      if (player !== next) return
      stop()
      player = null
    }
  }

  /** Goes to a step; playing goes on from there. */
  function goToStep(next: number): void {
    if (stepCount.value === 0) return
    place(next)
    jumps.value++
    if (isPlaying.value) player?.moveTo(step.value)
  }

  /** Goes to the step that holds at an instant. */
  function goToSecs(secs: number): void {
    goToStep(frameAt(steps.value.timesSecs, secs + TOLERANCE_SECS))
  }

  /** Steps from where the playhead is; playing stops first, because a step lands on one frame and stays there. */
  function stepBy(count: number): void {
    pause()
    goToStep(step.value + count)
  }

  /** @returns false where it leads nowhere: beyond the clip, or to a frame of a clip without any */
  function jump(target: JumpTarget): boolean {
    if (target.kind === 'frame') {
      if (!steps.value.areFrames || target.frame >= stepCount.value) return false
      goToStep(target.frame)
      return true
    }
    if (stepCount.value === 0 || target.secs > durationSecs.value) return false
    goToSecs(target.secs)
    return true
  }

  async function play(): Promise<void> {
    if (isPlaying.value || !player || stepCount.value === 0) return
    const startsAnew = step.value >= stepCount.value - 1
    const within = loop.value
    if (within && (timeSecs.value < within.fromSecs || timeSecs.value >= within.toSecs))
      goToSecs(within.fromSecs)
    else if (startsAnew) goToStep(0)
    isPlaying.value = true
    await player.play(step.value)
  }

  function pause(): void {
    if (!isPlaying.value) return
    isPlaying.value = false
    player?.pause()
  }

  function stop(): void {
    pause()
  }

  function toggle(): void {
    if (isPlaying.value) pause()
    else void play()
  }

  /** The player tells what it shows. A step that ends the loop sends it back. */
  function shown(nowSecs: number, nowStep = frameAt(steps.value.timesSecs, nowSecs)): void {
    if (!isPlaying.value) return
    const within = loop.value
    if (within && nowSecs >= within.toSecs - TOLERANCE_SECS) {
      place(frameAt(steps.value.timesSecs, within.fromSecs + TOLERANCE_SECS))
      player?.moveTo(step.value)
      return
    }
    step.value = clampFrame(nowStep, Math.max(1, stepCount.value))
    timeSecs.value = nowSecs
  }

  /** The player came to the end of the clip. */
  function ended(): void {
    if (loop.value && isPlaying.value) {
      place(frameAt(steps.value.timesSecs, loop.value.fromSecs + TOLERANCE_SECS))
      player?.moveTo(step.value)
      return
    }
    isPlaying.value = false
    place(stepCount.value - 1)
  }

  /** Playing could not begin or broke off. */
  function failed(): void {
    isPlaying.value = false
  }

  function setSpeed(next: number): void {
    speed.value = Math.max(SPEEDS[0], Math.min(SPEEDS[SPEEDS.length - 1]!, next))
    player?.setSpeed(speed.value)
  }

  /** The next of the usual speeds, up or down. */
  function changeSpeed(direction: 1 | -1): void {
    const faster = SPEEDS.find((usual) => usual > speed.value + 1e-6)
    const slower = SPEEDS.filter((usual) => usual < speed.value - 1e-6).at(-1)
    setSpeed((direction === 1 ? faster : slower) ?? speed.value)
  }

  function setSound(sound: { readonly volume?: number; readonly isMuted?: boolean }): void {
    volume.value = Math.max(0, Math.min(1, sound.volume ?? volume.value))
    isMuted.value = sound.isMuted ?? isMuted.value
    player?.setSound({ volume: volume.value, isMuted: isMuted.value })
  }

  function setLoop(range: TimeRange | null): void {
    loop.value = range && range.toSecs > range.fromSecs ? range : null
  }

  return {
    steps,
    step,
    timeSecs,
    isPlaying,
    speed,
    volume,
    isMuted,
    loop,
    isFollowing,
    jumps,
    stepCount,
    durationSecs,
    setSteps,
    attach,
    goToStep,
    goToSecs,
    stepBy,
    jump,
    play,
    pause,
    toggle,
    shown,
    ended,
    failed,
    setSpeed,
    changeSpeed,
    setSound,
    setLoop,
  }
})

/** Times in tables have six decimals; an instant read from one must still find its own frame. */
export const TOLERANCE_SECS = 1e-6
