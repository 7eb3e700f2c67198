export type DeviceKind = 'camera' | 'microphone'

/** Why a device gives nothing. */
export type DeviceTrouble = 'refused' | 'missing' | 'busy' | 'failed'

export class DeviceError extends Error {
  constructor(
    readonly trouble: DeviceTrouble,
    message: string,
  ) {
    super(message)
    this.name = 'DeviceError'
  }
}

const TROUBLES: Readonly<Record<string, DeviceTrouble>> = {
  NotAllowedError: 'refused',
  SecurityError: 'refused',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'busy',
  AbortError: 'busy',
}

/** What is asked of a camera: more pixels would only be scaled down, and a recording of them is large. */
const CAMERA = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30, max: 30 },
} as const

/** The browser's own clean-up changes levels and spectrum, which the speech model reads. */
const MICROPHONE = { echoCancellation: false, noiseSuppression: false, autoGainControl: false } as const

/**
 * Opens one device.
 * @param deviceId '' for the system's own choice
 * @throws DeviceError
 */
export async function openTrack(
  kind: DeviceKind,
  deviceId: string,
  devices: Pick<MediaDevices, 'getUserMedia'> = navigator.mediaDevices,
): Promise<MediaStreamTrack> {
  const device = deviceId === '' ? {} : { deviceId: { exact: deviceId } }
  const constraints =
    kind === 'camera' ? { video: { ...CAMERA, ...device } } : { audio: { ...MICROPHONE, ...device } }
  let stream: MediaStream
  try {
    stream = await devices.getUserMedia(constraints)
  } catch (error) {
    const { name, message } =
      error instanceof Error ? error : { name: '', message: 'the browser gave no reason' }
    throw new DeviceError(TROUBLES[name] ?? 'failed', message)
  }
  const [track] = kind === 'camera' ? stream.getVideoTracks() : stream.getAudioTracks()
  if (!track) throw new DeviceError('missing', `the stream has no ${kind}`)
  return track
}
