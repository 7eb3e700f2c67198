import type * as Constants from 'node-av/constants'
import type * as Library from 'node-av/lib'

/** FFmpeg's libraries (bound by node-av) and their constants. */
export interface Ffmpeg {
  readonly lib: typeof Library
  readonly constants: typeof Constants
}

let loading: Promise<Ffmpeg> | undefined

/** Loads FFmpeg on first use; the binding is one per process. */
export function loadFfmpeg(): Promise<Ffmpeg> {
  loading ??= load()
  return loading
}

async function load(): Promise<Ffmpeg> {
  addMissingGlobals()
  // Only the low-level half: the high-level one also loads WebRTC, and copies what it is given once more.
  const [lib, constants] = await Promise.all([import('node-av/lib'), import('node-av/constants')])
  // FFmpeg writes to stderr by itself; what matters is reported through error codes and onDamage.
  lib.Log.setLevel(constants.AV_LOG_QUIET)
  return { lib, constants }
}

/** node-av is written for Node 22; without these it fails to load, or silently yields nothing, on Node 18 and 20. */
function addMissingGlobals(): void {
  define(Symbol, 'dispose', Symbol.for('nodejs.dispose'))
  define(Symbol, 'asyncDispose', Symbol.for('nodejs.asyncDispose'))
  define(Promise, 'withResolvers', function withResolvers<T>() {
    let resolve: (value: T | PromiseLike<T>) => void = () => undefined
    let reject: (reason?: unknown) => void = () => undefined
    const promise = new Promise<T>((onResolve, onReject) => {
      resolve = onResolve
      reject = onReject
    })
    return { promise, resolve, reject }
  })
}

function define(target: object, name: string, value: unknown): void {
  if (name in target) return
  Object.defineProperty(target, name, { value, writable: false, enumerable: false, configurable: true })
}

/** FFmpeg's text for one of its (negative) return codes. */
export function ffmpegMessage({ lib }: Ffmpeg, code: number): string {
  return lib.FFmpegError.strerror(code)
}

/** The version of the FFmpeg that node-av carries, for example "8.1". */
export async function ffmpegVersion(): Promise<string> {
  const { lib } = await loadFfmpeg()
  return lib.getFFmpegInfo().version
}
