import { runCommand, useCommands } from '../../keys/command-bus'
import { useAnalysisStore } from '../../stores/analysis'
import { useTransportStore } from '../../stores/transport'
import type { TimeRange } from '../../plots/time-scale'
import { orderMoments } from './panel/moment-order'
import { nextStart, previousStart, segmentAt } from './panel/segment-filter'
import { frameEndSecs } from './time/frame-times'

/** Starts closer than this to the playhead count as where it stands: tables round to microseconds. */
const APART_SECS = 2e-6
const USUAL_STEP_FRAMES = 10

export interface TransportCommandOptions {
  /** Frames of the long step. */
  readonly stepFrames?: () => number
  /** Where a time is typed. */
  readonly focusJump: () => void
}

/** Everything that keys and menus do to the playhead. */
export function useTransportCommands({ stepFrames, focusJump }: TransportCommandOptions): void {
  const transport = useTransportStore()
  const analysis = useAnalysisStore()
  const manySteps = () => stepFrames?.() ?? USUAL_STEP_FRAMES
  const segments = () => analysis.opened?.segments ?? []
  const momentStarts = () =>
    orderMoments(analysis.opened?.moments ?? [], 'time', null).map(({ atSecs }) => atSecs)
  const goTo = (secs: number | null) => {
    if (secs !== null) transport.goToSecs(secs)
  }
  const current = () => {
    const all = segments()
    return all[segmentAt(all, transport.timeSecs)] ?? null
  }
  const starts = () => segments().map(({ startSecs }) => startSecs)

  /** One edge of the loop at the playhead; the other stays, or is the clip's where it would lie on the wrong side. */
  function setLoopEdge(edge: keyof TimeRange): void {
    const { loop, timeSecs, durationSecs, step, steps } = transport
    const range = loop ?? { fromSecs: 0, toSecs: durationSecs }
    if (edge === 'fromSecs')
      transport.setLoop({ fromSecs: timeSecs, toSecs: range.toSecs > timeSecs ? range.toSecs : durationSecs })
    else {
      // The frame at the playhead is part of the loop.
      const toSecs = frameEndSecs(steps.timesSecs, step, durationSecs)
      transport.setLoop({ fromSecs: range.fromSecs < toSecs ? range.fromSecs : 0, toSecs })
    }
  }

  useCommands({
    'transport.playPause': transport.toggle,
    'transport.pause': transport.pause,
    'transport.stepForward': () => transport.stepBy(1),
    'transport.stepBack': () => transport.stepBy(-1),
    'transport.stepManyForward': () => transport.stepBy(manySteps()),
    'transport.stepManyBack': () => transport.stepBy(-manySteps()),
    'transport.start': () => transport.goToStep(0),
    'transport.end': () => transport.goToStep(transport.stepCount - 1),
    'transport.faster': () => transport.changeSpeed(1),
    'transport.slower': () => transport.changeSpeed(-1),
    'transport.normalSpeed': () => transport.setSpeed(1),
    // As editors know them: K holds, L plays and then plays faster, J slows down and then steps back.
    'transport.shuttleForward': () => {
      if (transport.isPlaying) transport.changeSpeed(1)
      else void transport.play()
    },
    'transport.shuttleBack': () => {
      if (transport.isPlaying) transport.changeSpeed(-1)
      else transport.stepBy(-1)
    },
    'transport.nextSegment': () => goTo(nextStart(starts(), transport.timeSecs, APART_SECS)),
    'transport.previousSegment': () => goTo(previousStart(starts(), transport.timeSecs, APART_SECS)),
    'transport.segmentStart': () => goTo(current()?.startSecs ?? null),
    'transport.segmentEnd': () => {
      const segment = current()
      if (!segment) return
      // Its last frame: the end itself is the first frame of what follows.
      if (segment.endFrame >= 0 && transport.steps.areFrames) transport.goToStep(segment.endFrame)
      else transport.goToSecs(segment.endSecs - APART_SECS)
    },
    'transport.nextMoment': () => goTo(nextStart(momentStarts(), transport.timeSecs, APART_SECS)),
    'transport.previousMoment': () => goTo(previousStart(momentStarts(), transport.timeSecs, APART_SECS)),
    'transport.loop': () => {
      const segment = current()
      if (transport.loop) transport.setLoop(null)
      else if (segment) transport.setLoop({ fromSecs: segment.startSecs, toSecs: segment.endSecs })
    },
    'transport.loopStart': () => setLoopEdge('fromSecs'),
    'transport.loopEnd': () => setLoopEdge('toSecs'),
    'transport.mute': () => transport.setSound({ isMuted: !transport.isMuted }),
    'transport.jump': focusJump,
    'timeline.panBack': () => void runCommand('timeline.panLeft'),
    'timeline.panForward': () => void runCommand('timeline.panRight'),
  })
}
