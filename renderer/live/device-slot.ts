import { type ShallowRef, shallowRef } from 'vue'
import { DeviceError, type DeviceKind, type DeviceTrouble, openTrack } from './open-track'
import type { DeviceChoice } from './use-media-devices'

export type DeviceState = 'off' | 'opening' | 'on' | 'unplugged' | DeviceTrouble

/** The place of one camera or microphone: what is chosen, what is open, and why nothing is. */
export interface DeviceSlot {
  readonly kind: DeviceKind
  readonly state: ShallowRef<DeviceState>
  /** What the browser said of a failure. */
  readonly reason: ShallowRef<string>
  readonly track: ShallowRef<MediaStreamTrack | null>
  /** '' for the system's own choice. */
  readonly choice: ShallowRef<string>
  /** @returns whether it is open; `state` and `reason` say why not */
  open(): Promise<boolean>
  close(): void
  fail(trouble: DeviceTrouble, reason: string): void
  /** Whether the device that was lost, or any for the system's own choice, is there again. */
  isWaitingFor(list: readonly DeviceChoice[]): boolean
}

export interface DeviceSlotOptions {
  /** The track ended by itself. */
  readonly onEnded: (kind: DeviceKind) => void
  readonly onOpened: (kind: DeviceKind) => void
  readonly open?: (kind: DeviceKind, deviceId: string) => Promise<MediaStreamTrack>
}

export function createDeviceSlot(kind: DeviceKind, options: DeviceSlotOptions): DeviceSlot {
  const state = shallowRef<DeviceState>('off')
  const reason = shallowRef('')
  const track = shallowRef<MediaStreamTrack | null>(null)
  const choice = shallowRef('')
  const openDevice = options.open ?? openTrack
  let attempt = 0

  function letGo(): void {
    track.value?.stop()
    track.value = null
  }

  function fail(trouble: DeviceTrouble, why: string): void {
    letGo()
    state.value = trouble
    reason.value = why
  }

  return {
    kind,
    state,
    reason,
    track,
    choice,
    fail,
    async open() {
      const own = ++attempt
      letGo()
      state.value = 'opening'
      reason.value = ''
      try {
        const opened = await openDevice(kind, choice.value)
        if (own !== attempt) {
          // Closed, or opened anew, while the browser was still asking.
          opened.stop()
          return false
        }
        opened.addEventListener('ended', () => {
          if (track.value !== opened) return
          track.value = null
          state.value = 'unplugged'
          options.onEnded(kind)
        })
        track.value = opened
        state.value = 'on'
        options.onOpened(kind)
        return true
      } catch (error) {
        if (own === attempt)
          fail(
            error instanceof DeviceError ? error.trouble : 'failed',
            error instanceof Error ? error.message : String(error),
          )
        return false
      }
    },
    close() {
      attempt++
      letGo()
      state.value = 'off'
      reason.value = ''
    },
    isWaitingFor: (list) =>
      state.value === 'unplugged' &&
      (choice.value === '' ? list.length > 0 : list.some(({ deviceId }) => deviceId === choice.value)),
  }
}
