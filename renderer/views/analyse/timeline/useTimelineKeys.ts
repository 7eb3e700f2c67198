import { onScopeDispose, type Ref, shallowRef } from 'vue'
import { useCommands } from '../../../keys/command-bus'
import type { ClipSeries } from '../../../plots/clip-series'
import { keepInView, spanOf } from '../../../plots/time-scale'
import { formatTime } from '../../../plots/time-ticks'
import type { Track } from '../../../plots/tracks/track'
import { t } from '../../../strings'
import type { TIMELINE_COMMANDS, TimelineCursor } from './timeline-model'
import { headline } from './track-headline'
import { PAN_STEP, type TimeRangeControl, ZOOM_STEP } from './useTimeRange'

export interface TimelineKeysOptions {
  readonly control: TimeRangeControl
  readonly cursor: TimelineCursor
  readonly series: () => ClipSeries
  readonly tracks: () => readonly Track[]
  readonly onSeek: (secs: number) => void
  readonly onHover: (secs: number | null) => void
  readonly toggleFollow: () => void
}

/** Frames that Shift and an arrow move the cursor by. */
const FAR_FRAMES = 10
/** A screen reader is not to be interrupted by each of many steps. */
const ANNOUNCE_AFTER_SECS = 0.4

/** The timeline's commands, and a cursor for the keys while the plots have the focus. */
export function useTimelineKeys(options: TimelineKeysOptions): {
  /** Values at the key cursor, for screen readers. */
  readonly announcement: Readonly<Ref<string>>
  readonly onKeydown: (event: KeyboardEvent) => void
  readonly onBlur: () => void
} {
  const { control, cursor } = options
  const announcement = shallowRef('')
  let timer: ReturnType<typeof setTimeout> | undefined

  const commands: Record<(typeof TIMELINE_COMMANDS)[number], () => void> = {
    'timeline.zoomIn': () => control.zoom(ZOOM_STEP, zoomCentre()),
    'timeline.zoomOut': () => control.zoom(1 / ZOOM_STEP, zoomCentre()),
    'timeline.fit': () => control.fit(),
    'timeline.panLeft': () => control.panByShare(-PAN_STEP),
    'timeline.panRight': () => control.panByShare(PAN_STEP),
    'timeline.panStart': () => control.panBySecs(-spanOf(control.limits.value)),
    'timeline.panEnd': () => control.panBySecs(spanOf(control.limits.value)),
    'timeline.follow': options.toggleFollow,
  }
  useCommands(commands)

  /** The cursor, or the playhead where it is in view, or the middle. */
  function zoomCentre(): number {
    const { fromSecs, toSecs } = control.range.value
    const wanted = cursor.hoverSecs.value ?? cursor.playheadSecs.value
    return wanted >= fromSecs && wanted <= toSecs ? wanted : (fromSecs + toSecs) / 2
  }

  function step(frames: number): void {
    const from = cursor.hoverSecs.value ?? cursor.playheadSecs.value
    const secs = options.series().frameStart(from, frames)
    options.onHover(secs)
    const next = keepInView(control.range.value, secs, control.limits.value)
    if (next !== control.range.value) control.show(next)
    clearTimeout(timer)
    timer = setTimeout(() => (announcement.value = describe(secs)), ANNOUNCE_AFTER_SECS * 1000)
  }

  function describe(secs: number): string {
    const frame = options.series().frameAt(secs)
    const values = options
      .tracks()
      .filter(({ kind }) => kind !== 'sound')
      .map((track) => `${track.title}: ${headline(track.readAt(secs)).text}`)
    return t('timeline.announce', {
      time: formatTime(secs, 3),
      frame: frame && frame.frame >= 0 ? String(frame.frame) : t('timeline.values.noFrame'),
      values: values.join('; '),
    })
  }

  const keys: Readonly<Record<string, (event: KeyboardEvent) => void>> = {
    ArrowLeft: (event) => step(event.shiftKey ? -FAR_FRAMES : -1),
    ArrowRight: (event) => step(event.shiftKey ? FAR_FRAMES : 1),
    Enter: () => options.onSeek(cursor.hoverSecs.value ?? cursor.playheadSecs.value),
    Escape: () => options.onHover(null),
    '+': commands['timeline.zoomIn'],
    '=': commands['timeline.zoomIn'],
    '-': commands['timeline.zoomOut'],
    PageUp: commands['timeline.panLeft'],
    PageDown: commands['timeline.panRight'],
    Home: commands['timeline.panStart'],
    End: commands['timeline.panEnd'],
  }

  onScopeDispose(() => clearTimeout(timer))
  return {
    announcement,
    onKeydown(event) {
      const run = keys[event.key]
      if (!run || event.ctrlKey || event.metaKey || event.altKey) return
      // While the plots have the focus these keys are theirs, not the window's.
      event.preventDefault()
      event.stopPropagation()
      run(event)
    },
    onBlur: () => options.onHover(null),
  }
}
