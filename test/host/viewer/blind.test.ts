import { describe, expect, it } from 'vitest'
import { Viewer } from '../../../main/host/viewer/viewer'
import type { OpenedClip } from '../../../preload/contract/viewer-port'
import { EMOTIONS } from '../../../main/engine/emotions'
import { writeLongResults } from '../../support/long-results'
import { openCaller } from '../../support/port-caller'
import { tempFolder } from '../../support/temp-folder'

async function openBoth() {
  const folder = await tempFolder()
  const { clipId } = await writeLongResults(folder, { durationSecs: 45, fps: 25, clipId: 'clip' })
  const told: unknown[] = []
  const viewer = new Viewer((reply) => told.push(reply))
  const grant = (isBlind: boolean): void =>
    viewer.obey(
      {
        type: 'grant',
        token: 'clip-1',
        mediaPath: '/nowhere/clip.mp4',
        resultsFolder: folder,
        clipId,
        cacheFolder: null,
        isBlind,
      },
      [],
    )
  const caller = openCaller((port) => viewer.obey({ type: 'port' }, [port]))
  const open = async (): Promise<OpenedClip> => {
    const reply = await caller.call('openClip', { token: 'clip-1' })
    if (!reply.ok) throw new Error(reply.fault.message)
    return reply.value as OpenedClip
  }
  return { viewer, grant, caller, open, told }
}

const isAbsent = (values: Float32Array): boolean => values.every((value) => Number.isNaN(value))
const isNone = (labels: Int8Array): boolean => labels.every((label) => label === -1)

describe('a clip that is coded blind', () => {
  it('has pictures, faces, coverage and sound, and nothing that the models read into them', async () => {
    const { grant, open } = await openBoth()
    grant(false)
    const seen = await open()
    grant(true)
    const { rows, windows, ...blind } = await open()
    for (const field of [
      'count',
      'frame',
      'timeSecs',
      'durSecs',
      'faceId',
      'faceBox',
      'faceScore',
      'quality',
    ] as const)
      expect(rows[field]).toEqual(seen.rows[field])
    expect(windows.startSecs).toEqual(seen.windows.startSecs)
    expect(blind.faces).toEqual(seen.faces)
    expect(blind.coverage).toEqual(seen.coverage)
    // What is hidden is there to be hidden.
    expect(
      isAbsent(seen.rows.faceProbs) || isAbsent(seen.rows.fusionProbs) || isAbsent(seen.windows.probs),
    ).toBe(false)
    expect(seen.segments.length * seen.subjects.length * seen.moments.length).toBeGreaterThan(0)
    const {
      faceProbs,
      speechProbs,
      fusionProbs,
      faceProbsSmoothed,
      fusionProbsSmoothed,
      faceGate,
      speechGate,
    } = rows
    for (const values of [
      faceProbs,
      speechProbs,
      fusionProbs,
      faceProbsSmoothed,
      fusionProbsSmoothed,
      faceGate,
      speechGate,
      windows.probs,
      windows.calm,
    ])
      expect(isAbsent(values)).toBe(true)
    const { faceLabel, speechLabel, fusionLabel, finalLabel, displayedLabel } = rows
    for (const labels of [faceLabel, speechLabel, fusionLabel, finalLabel, displayedLabel, windows.label])
      expect(isNone(labels)).toBe(true)
    expect(new Set(rows.disagree)).toEqual(new Set([255]))
    expect([blind.segments, blind.moments, blind.subjects]).toEqual([[], [], []])
    const words = JSON.stringify({ ...blind, clip: { ...blind.clip, models: null, methods: null } })
    for (const emotion of EMOTIONS) expect(words).not.toContain(emotion)
  })

  it('has no column that nobody decided about', async () => {
    const { grant, open } = await openBoth()
    grant(false)
    const seen = await open()
    grant(true)
    const blind = await open()
    const same = (one: unknown, other: unknown): boolean => {
      if (!ArrayBuffer.isView(one) || !ArrayBuffer.isView(other)) return one === other
      return Buffer.compare(bytesOf(one), bytesOf(other)) === 0
    }
    // A new column appears here, and must be hidden or named as harmless.
    const kept = [
      ...Object.entries(blind.rows).filter(([name, value]) => same(value, seen.rows[name as 'count'])),
      ...Object.entries(blind.windows).filter(([name, value]) => same(value, seen.windows[name as 'count'])),
    ].map(([name]) => name)
    const harmless = [
      ...['count', 'frame', 'timeSecs', 'durSecs', 'faceCount', 'faceId', 'faceScore', 'faceBox', 'quality'],
      ...[
        'speechWindow',
        'speechActive',
        'excluded',
        'startSecs',
        'endSecs',
        'state',
        'rmsDb',
        'speechShare',
        'snrDb',
      ],
      // The same in both where fusion was never absent.
      'fusionAbsent',
      'missing',
    ]
    expect(kept.filter((name) => !harmless.includes(name))).toEqual([])
  })

  it('has no moments by any rule', async () => {
    const { grant, caller } = await openBoth()
    grant(true)
    const momentRules = { lowConfidence: 1, minimumSecs: 0 }
    expect(await caller.call('moments', { token: 'clip-1', momentRules })).toMatchObject({
      ok: true,
      value: [],
    })
  })

  it('stays hidden to whoever began to read it before it was blind', async () => {
    const { grant, open } = await openBoth()
    grant(false)
    const reading = open()
    grant(true)
    const { segments, rows } = await reading
    expect(segments).toEqual([])
    expect(isAbsent(rows.faceProbs)).toBe(true)
  })

  it('is known to be blind when main hears that its orders are obeyed', async () => {
    const { viewer, grant, told } = await openBoth()
    grant(true)
    viewer.obey({ type: 'settle', id: 7 }, [])
    expect(told).toEqual([{ type: 'settled', id: 7 }])
    expect(viewer.grants.of('clip-1').isBlind).toBe(true)
  })
})

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}
