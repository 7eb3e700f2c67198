import { effectScope } from 'vue'
import { describe, expect, it } from 'vitest'
import { createDeviceSlot } from '../../../renderer/live/device-slot'
import { type DeviceError, openTrack } from '../../../renderer/live/open-track'
import { useMediaDevices } from '../../../renderer/live/use-media-devices'

class FakeTrack extends EventTarget {
  isStopped = false
  enabled = true
  stop(): void {
    this.isStopped = true
  }
}
const asTrack = (track: FakeTrack): MediaStreamTrack => track as unknown as MediaStreamTrack

describe('openTrack', () => {
  it.each([
    ['NotAllowedError', 'refused'],
    ['SecurityError', 'refused'],
    ['NotFoundError', 'missing'],
    ['OverconstrainedError', 'missing'],
    ['NotReadableError', 'busy'],
    ['AbortError', 'busy'],
    ['TypeError', 'failed'],
  ])('tells %s as %s', async (name, trouble) => {
    const devices = { getUserMedia: () => Promise.reject(Object.assign(new Error('why'), { name })) }
    const error = await openTrack('camera', '', devices).catch((reason: unknown) => reason as DeviceError)
    expect(error).toMatchObject({ trouble, message: 'why' })
  })

  it('asks for the chosen microphone as it is, without clean-up', async () => {
    let asked: MediaStreamConstraints | undefined
    const track = asTrack(new FakeTrack())
    const devices = {
      getUserMedia: (constraints?: MediaStreamConstraints) => {
        asked = constraints
        return Promise.resolve({ getAudioTracks: () => [track] } as unknown as MediaStream)
      },
    }
    expect(await openTrack('microphone', 'abc', devices)).toBe(track)
    expect(asked).toEqual({
      audio: {
        echoCancellation: false,
        noiseSuppression: false,
        autoGainControl: false,
        deviceId: { exact: 'abc' },
      },
    })
  })
})

describe('createDeviceSlot', () => {
  function slot(open: () => Promise<MediaStreamTrack>) {
    const ended: string[] = []
    return {
      ended,
      slot: createDeviceSlot('camera', {
        open,
        onEnded: (kind) => ended.push(kind),
        onOpened: () => undefined,
      }),
    }
  }

  it('notices that the device goes, and that it comes back', async () => {
    const track = new FakeTrack()
    const { slot: camera, ended } = slot(() => Promise.resolve(asTrack(track)))
    camera.choice.value = 'abc'
    expect(await camera.open()).toBe(true)
    expect(camera.isWaitingFor([{ deviceId: 'abc', label: '' }])).toBe(false)
    track.dispatchEvent(new Event('ended'))
    expect([camera.state.value, camera.track.value, ended]).toEqual(['unplugged', null, ['camera']])
    expect(camera.isWaitingFor([{ deviceId: 'other', label: '' }])).toBe(false)
    expect(camera.isWaitingFor([{ deviceId: 'abc', label: '' }])).toBe(true)
  })

  it('lets go of a device that opens after it was closed', async () => {
    const track = new FakeTrack()
    let give: (track: MediaStreamTrack) => void = () => undefined
    const { slot: camera } = slot(() => new Promise((resolve) => (give = resolve)))
    const opening = camera.open()
    camera.close()
    give(asTrack(track))
    expect(await opening).toBe(false)
    expect([track.isStopped, camera.state.value]).toEqual([true, 'off'])
  })
})

it('useMediaDevices lists each device once and follows changes', async () => {
  let list = [
    { kind: 'videoinput', deviceId: 'a', label: 'One' },
    { kind: 'audioinput', deviceId: 'default', label: 'Default' },
    { kind: 'audioinput', deviceId: 'm', label: 'Mic' },
    { kind: 'audiooutput', deviceId: 's', label: 'Speaker' },
  ]
  const devices = Object.assign(new EventTarget(), {
    enumerateDevices: () => Promise.resolve(list as unknown as MediaDeviceInfo[]),
  })
  const scope = effectScope()
  const seen: string[] = []
  const found = scope.run(() => useMediaDevices(devices, (kind, now) => seen.push(`${kind} ${now.length}`)))!
  expect(found.isKnown.value).toBe(false)
  await found.refresh()
  expect(found.microphones.value).toEqual([{ deviceId: 'm', label: 'Mic' }])
  list = []
  devices.dispatchEvent(new Event('devicechange'))
  await Promise.resolve()
  await Promise.resolve()
  expect(found.cameras.value).toEqual([])
  expect(seen).toEqual(['camera 1', 'microphone 1', 'camera 0', 'microphone 0'])
  scope.stop()
  list = [{ kind: 'videoinput', deviceId: 'a', label: 'One' }]
  devices.dispatchEvent(new Event('devicechange'))
  await Promise.resolve()
  await Promise.resolve()
  expect(found.cameras.value).toEqual([])
})
