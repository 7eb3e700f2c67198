import { onScopeDispose, type Ref, shallowRef } from 'vue'
import type { DeviceKind } from './open-track'

export interface DeviceChoice {
  readonly deviceId: string
  /** '' until the permission is given: a device's name says something about its owner. */
  readonly label: string
}

export interface MediaDeviceLists {
  readonly cameras: Readonly<Ref<readonly DeviceChoice[]>>
  readonly microphones: Readonly<Ref<readonly DeviceChoice[]>>
  /** False until the devices have been counted. */
  readonly isKnown: Readonly<Ref<boolean>>
  refresh(): Promise<void>
}

/** The cameras and microphones there are, kept current while devices come and go. */
export function useMediaDevices(
  devices: Pick<
    MediaDevices,
    'enumerateDevices' | 'addEventListener' | 'removeEventListener'
  > = navigator.mediaDevices,
  onChange: (kind: DeviceKind, list: readonly DeviceChoice[]) => void = () => undefined,
): MediaDeviceLists {
  const cameras = shallowRef<readonly DeviceChoice[]>([])
  const microphones = shallowRef<readonly DeviceChoice[]>([])
  const isKnown = shallowRef(false)

  async function refresh(): Promise<void> {
    const all = await devices.enumerateDevices()
    const list = (kind: MediaDeviceInfo['kind']) =>
      all
        // Chromium lists the system's choice a second time under these names.
        .filter(
          (device) =>
            device.kind === kind && device.deviceId !== 'default' && device.deviceId !== 'communications',
        )
        .map(({ deviceId, label }) => ({ deviceId, label }))
    cameras.value = list('videoinput')
    microphones.value = list('audioinput')
    isKnown.value = true
    onChange('camera', cameras.value)
    onChange('microphone', microphones.value)
  }

  const changed = (): void => void refresh()
  devices.addEventListener('devicechange', changed)
  onScopeDispose(() => devices.removeEventListener('devicechange', changed))
  return { cameras, microphones, isKnown, refresh }
}
