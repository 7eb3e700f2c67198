import { describe, expect, it } from 'vitest'
import { writeClipResults } from '../../../main/engine/export/write-clip'
import { Viewer } from '../../../main/host/viewer/viewer'
import type { LandmarkRows } from '../../../preload/contract/viewer-port'
import { clipContext, NO_EXPORTS } from '../../engine/export/fixtures'
import { buildTimeline, observation } from '../../engine/timeline/fixtures'
import { openCaller } from '../../support/port-caller'
import { tempFolder } from '../../support/temp-folder'

describe('landmarks of rows', () => {
  it('are those of their face, between looks in proportion, and absent without a face', async () => {
    // Looked at on every fifth frame; the points stand at the number of the frame; no face from frame 12 on.
    const frames = Array.from({ length: 20 }, (_, frameIndex) => {
      const isDetected = frameIndex % 5 === 0
      const landmarks = new Float32Array(136).fill(frameIndex)
      const face = observation(1, { isDetected, ...(isDetected && { landmarks }) })
      return { frameIndex, timeSecs: frameIndex / 25, isAnalysed: true, faces: frameIndex < 12 ? [face] : [] }
    })
    const resultsFolder = await tempFolder()
    await writeClipResults(
      buildTimeline(frames, { speech: null }),
      clipContext({ clipId: 'c' }),
      resultsFolder,
      {
        ...NO_EXPORTS,
        landmarks: true,
      },
    )
    const viewer = new Viewer()
    const grant = {
      token: 't',
      mediaPath: '/x.mp4',
      resultsFolder,
      clipId: 'c',
      cacheFolder: null,
      isBlind: false,
    }
    viewer.obey({ type: 'grant', ...grant }, [])
    const caller = openCaller((port) => viewer.obey({ type: 'port' }, [port]))
    const reply = await caller.call('landmarks', { token: 't', firstRow: 3, endRow: 100 })
    if (!reply.ok) throw new Error(reply.fault.message)
    const { firstRow, points } = reply.value as LandmarkRows
    expect(firstRow).toBe(3)
    expect(points).toHaveLength(17 * 136)
    for (let row = 3; row < 20; row++) {
      const first = points[(row - 3) * 136]!
      // Rows 11 on have no look behind them.
      if (row > 10) expect(first).toBeNaN()
      else expect(first).toBeCloseTo(row, 4)
    }
    // Labelled again, the points stand elsewhere.
    const again = frames.map((frame) => ({
      ...frame,
      faces: frame.faces.map((face) => ({
        ...face,
        ...(face.landmarks && { landmarks: face.landmarks.map((value) => value + 100) }),
      })),
    }))
    await writeClipResults(
      buildTimeline(again, { speech: null }),
      clipContext({ clipId: 'c' }),
      resultsFolder,
      {
        ...NO_EXPORTS,
        landmarks: true,
      },
    )
    await caller.call('openClip', { token: 't' })
    const moved = await caller.call('landmarks', { token: 't', firstRow: 5, endRow: 6 })
    expect((moved as unknown as { value: LandmarkRows }).value.points[0]).toBeCloseTo(105, 4)
    const none = await caller.call('landmarks', { token: 't', firstRow: 500, endRow: 600 })
    expect(none).toMatchObject({ ok: true, value: { firstRow: 20, points: new Float32Array(0) } })
  })
})
