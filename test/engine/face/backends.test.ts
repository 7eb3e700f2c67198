import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { openFaceEngine } from '../../../main/engine/face/open-face-engine'
import { analyseFaces } from '../../../main/engine/face/analyse-faces'
import type { FaceFrame } from '../../../main/engine/face/types'
import { openBackend } from '../../../main/engine/inference/backend'
import { tf } from '../../../main/engine/inference/tf'
import { decodeVideo } from '../../../main/engine/media/decode-video'
import { probe } from '../../../main/engine/media/probe'
import { sharedData } from '../../support/shared-data'

const requireFromHere = createRequire(import.meta.url)
const clip = sharedData('clips', 'odd', 'two-faces.mp4')

/** Native TensorFlow is optional, and what is installed need not load. */
function whyNoNative(): string | null {
  try {
    requireFromHere('@tensorflow/tfjs-node')
    return null
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
  }
}

async function analyse(path: string): Promise<FaceFrame[]> {
  const engine = await openFaceEngine({ modelFolder: 'models/face', detector: { kind: 'tiny' } })
  const info = await probe(path)
  const result: FaceFrame[] = []
  const options = {
    ...engine,
    sourceWidthPx: info.video?.widthPx ?? 0,
    sourceHeightPx: info.video?.heightPx ?? 0,
    analysisFps: 5,
  }
  for await (const frame of analyseFaces(decodeVideo(info, { longestSidePx: 640 }), options))
    result.push(frame)
  engine.dispose()
  return result
}

describe.skipIf(!clip)('WebAssembly and native TensorFlow (needs ../shared/data)', () => {
  it('find the same faces and read the same from them', async ({ skip }) => {
    await openBackend('wasm')
    const wasm = await analyse(clip as string)
    const reason = whyNoNative()
    skip(reason !== null, `native TensorFlow does not load: ${reason}`)
    await tf.setBackend('tensorflow')
    const native = await analyse(clip as string)
    expect(native.length).toBe(wasm.length)
    let compared = 0
    native.forEach(({ faces }, i) => {
      expect(faces.length).toBe(wasm[i]?.faces.length)
      faces.forEach((face, k) => {
        const other = wasm[i]?.faces[k]
        expect(Math.abs(face.box.x - (other?.box.x ?? Number.NaN))).toBeLessThan(0.1)
        face.modelProbs.forEach((value, label) =>
          expect(Math.abs(value - (other?.modelProbs[label] ?? Number.NaN))).toBeLessThan(1e-3),
        )
        compared++
      })
    })
    expect(compared).toBeGreaterThan(20)
  })
})
