import { describe, expect, it } from 'vitest'
import { EMOTIONS } from '../../../main/engine/emotions'
import { borisEvents, borisPlotCsv, borisProject } from '../../../main/engine/export/boris'
import { parseCsv } from '../../../main/engine/export/csv'
import { type SegmentRecord, segmentRecords } from '../../../main/engine/export/segment-record'
import { tiersOf } from '../../../main/engine/export/tiers'
import { seeded } from '../timeline/fixtures'
import { clipContext, sampleTimeline } from './fixtures'

type Event = [number, string, string, string, string, number | string]
interface Project {
  readonly [key: string]: unknown
  readonly behaviors_conf: Record<string, { type: string; code: string; excluded: string }>
  readonly subjects_conf: Record<string, { name: string }>
  readonly observations: Record<
    string,
    { events: Event[]; file: Record<string, string[]>; media_info: Record<string, unknown> }
  >
}

const timeline = sampleTimeline()
const context = clipContext({ subjects: { '2': 'mother' } })
const records = segmentRecords(timeline, context)

/** BORIS's own rule: the events of one subject, code and modifier come in pairs, and time never runs back. */
function expectPaired(events: readonly Event[]): void {
  const counts = new Map<string, number>()
  let last = 0
  let open = 0
  for (const [timeSecs, subject, code, modifier] of events) {
    expect(timeSecs).toBeGreaterThanOrEqual(last)
    last = timeSecs
    const key = JSON.stringify([subject, code, modifier])
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    open += count % 2 === 1 ? 1 : -1
    expect(open).toBeGreaterThanOrEqual(0)
    expect(open).toBeLessThanOrEqual(1)
  }
  for (const count of counts.values()) expect(count % 2).toBe(0)
}

describe('BORIS project', () => {
  const project = JSON.parse(
    borisProject({
      records,
      clipId: context.clipId,
      mediaPath: context.mediaPath,
      durationSecs: 10,
      fps: 25,
      hasAudio: true,
      date: context.analysedAt,
    }),
  ) as Project

  it('has the keys of the format', () => {
    expect(Object.keys(project).sort()).toEqual(
      [
        'behavioral_categories',
        'behavioral_categories_config',
        'behaviors_coding_map',
        'behaviors_conf',
        'coding_map',
        'converters',
        'independent_variables',
        'observations',
        'project_date',
        'project_description',
        'project_format_version',
        'project_name',
        'subjects_conf',
        'time_format',
      ].sort(),
    )
    expect(project.project_format_version).toBe('7.0')
    expect(Object.values(project.behaviors_conf).map(({ code }) => code)).toEqual([...EMOTIONS])
    for (const { type, code, excluded } of Object.values(project.behaviors_conf)) {
      expect(type).toBe('State event')
      expect([...excluded.split(','), code].sort()).toEqual([...EMOTIONS].sort())
    }
    expect(Object.values(project.subjects_conf).map(({ name }) => name)).toEqual(['mother'])
  })

  it('has an observation a tier with paired events of the same codes', () => {
    const observations = Object.entries(project.observations)
    expect(observations.map(([id]) => id)).toContain('clip 01 face_1 face')
    expect(observations).toHaveLength(new Set(records.map(({ tier }) => tier)).size)
    let bouts = 0
    for (const [, { events, file, media_info }] of observations) {
      expectPaired(events)
      bouts += events.length / 2
      expect(file['1']).toEqual([context.mediaPath])
      expect(Object.keys(file)).toEqual(['1', '2', '3', '4', '5', '6', '7', '8'])
      expect(media_info).toMatchObject({
        length: { [context.mediaPath]: 10 },
        fps: { [context.mediaPath]: 25 },
      })
      for (const [, , code, modifier] of events) {
        expect(EMOTIONS).toContain(code)
        expect(modifier).toBe('')
      }
    }
    expect(bouts).toBe(records.length)
  })

  it('joins neighbours of one label and stays paired for any segments', () => {
    const random = seeded(4)
    const [model] = records
    if (!model) throw new Error('the sample has no segments')
    let joined = 0
    for (let round = 0; round < 30; round++) {
      let at = 0
      const wild = Array.from({ length: 40 }, (): SegmentRecord => {
        const startSecs = at + (random() < 0.5 ? 0 : random())
        at = startSecs + 0.0004 + random()
        const label = EMOTIONS[Math.floor(random() * 2)] ?? ''
        return { ...model, label, startSecs, endSecs: at }
      })
      const [tier] = tiersOf(wild, 1000, 1000)
      if (!tier) throw new Error('no tier')
      const events = borisEvents(tier)
      expectPaired(events)
      joined += tier.segments.length - events.length / 2
    }
    expect(joined).toBeGreaterThan(50)
  })
})

it('the plot table has a whole number first, no empty cell and one row a frame', () => {
  for (const modality of ['face', 'fusion'] as const) {
    const [header, ...lines] = parseCsv([...borisPlotCsv(timeline, modality)].join(''))
    expect(header).toEqual(['frame', 'time_s', ...EMOTIONS.map((emotion) => `p_${emotion}`)])
    expect(lines).toHaveLength(modality === 'face' ? 225 : 250)
    for (const cells of lines) {
      expect(cells[0]).toMatch(/^\d+$/)
      for (const cell of cells.slice(1)) expect(cell).toMatch(/^\d+\.\d+$/)
    }
    expect(new Set(lines.map(([frame]) => frame)).size).toBe(lines.length)
  }
})
