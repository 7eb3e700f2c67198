import { describe, expect, it } from 'vitest'
import { EMOTIONS } from '../../../main/engine/emotions'
import { parseCsv } from '../../../main/engine/export/csv'
import { framesCsv } from '../../../main/engine/export/frames-csv'
import { longCsv } from '../../../main/engine/export/long-csv'
import { speechCsv } from '../../../main/engine/export/speech-csv'
import { buildTimeline, faceFrames, mediaInfo, speechCard, speechWindow, spoken } from '../timeline/fixtures'
import { asRecords, clipContext, sampleTimeline } from './fixtures'

const seven = (prefix: string): string[] => EMOTIONS.map((emotion) => `${prefix}_p_${emotion}`)
const timeline = sampleTimeline()
const read = (lines: Iterable<string>) => parseCsv([...lines].join(''))

describe('frames table', () => {
  const lines = read(framesCsv(timeline, clipContext({ subjects: { '2': 'mother' } })))
  const records = asRecords(lines)

  it('begins with the columns of the format in their order', () => {
    const fixed = [
      ...'clip_id,frame,time_s,dur_s,subject_id,face_id,n_faces,face_detected,face_score,face_x,face_y,face_w,face_h,quality'.split(
        ',',
      ),
      ...seven('face'),
      ...'face_label,face_conf'.split(','),
      ...seven('speech'),
      ...'speech_label,speech_conf,speech_win_start_s,speech_win_end_s,speech_active'.split(','),
      ...seven('fusion'),
      ...'fusion_label,fusion_conf,fusion_w_face,fusion_w_speech,manual_label,manual_observer,final_label,final_source,excluded'.split(
        ',',
      ),
    ]
    expect(lines[0]?.slice(0, fixed.length)).toEqual(fixed)
    for (const cells of lines) expect(cells).toHaveLength(lines[0]?.length ?? 0)
  })

  it('has a row a frame and face, sorted, with durations that add up', () => {
    expect(records).toHaveLength(300)
    const perFrame = records.filter((record, index) => record.frame !== records[index - 1]?.frame)
    expect(perFrame.map(({ frame }) => Number(frame))).toEqual(
      Array.from({ length: 250 }, (_, index) => index),
    )
    expect(perFrame.reduce((sum, { dur_s }) => sum + Number(dur_s), 0)).toBeCloseTo(10, 4)
  })

  it('has probabilities that sum to 1 and labels that are their top, or empty cells with the reason', () => {
    let present = 0
    let absent = 0
    for (const record of records)
      for (const modality of ['face', 'speech', 'fusion']) {
        const cells = seven(modality).map((name) => record[name] ?? '')
        if (cells.every((cell) => cell === '')) {
          absent++
          expect([record[`${modality}_label`], record[`${modality}_conf`]]).toEqual(['', ''])
          if (modality === 'face') expect(record.quality).toBe('no_face')
          continue
        }
        present++
        for (const cell of cells) expect(cell).toMatch(/^[01]\.\d{6}$/)
        const values = cells.map(Number)
        // Seven cells rounded to six decimals.
        expect(Math.abs(values.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(4e-6)
        expect(record[`${modality}_conf`]).toBe(cells[values.indexOf(Math.max(...values))])
        expect(record[`${modality}_label`]).toBe(EMOTIONS[values.indexOf(Math.max(...values))])
      }
    expect(present).toBeGreaterThan(600)
    expect(absent).toBeGreaterThan(50)
  })

  it('says what the fused values rest on and where the final label comes from', () => {
    const at = (frame: number) => records.find((record) => record.frame === String(frame))
    expect(at(0)).toMatchObject({
      fusion_source: 'face',
      fusion_w_speech: '',
      final_source: 'fusion',
      speech_active: '0',
    })
    expect(at(50)).toMatchObject({
      fusion_source: 'face+speech',
      final_label: 'happiness',
      face_detected: '1',
    })
    expect(at(110)).toMatchObject({
      fusion_source: 'speech',
      face_id: '',
      n_faces: '0',
      face_detected: '0',
      face_x: '',
    })
    expect(at(150)).toMatchObject({ face_label: 'anger', speech_label: 'sadness', disagree: '1' })
    expect(
      records.filter(({ face_id }) => face_id === '2').every(({ subject_id }) => subject_id === 'mother'),
    ).toBe(true)
  })

  it('gives window bounds that hold the frame', () => {
    for (const { time_s, speech_win_start_s: start, speech_win_end_s: end } of records) {
      expect(start === '').toBe(end === '')
      if (start === '') continue
      expect(Number(time_s)).toBeGreaterThanOrEqual(Number(start))
      expect(Number(time_s)).toBeLessThan(Number(end))
    }
  })

  it('falls back to face, then speech, then none for the final label', () => {
    const speech = spoken(4, 0, 4, () => 5)
    const frames = faceFrames(100, 25, (timeSecs) => (timeSecs < 2 ? 1 : null))
    const sources = (options: Parameters<typeof buildTimeline>[1]) =>
      asRecords(read(framesCsv(buildTimeline(frames, options), clipContext({}, options?.settings)))).map(
        ({ final_label, final_source }) => `${final_label}/${final_source}`,
      )
    const both = sources({ speech, speechCard, settings: { modalities: ['face', 'speech'] } })
    expect([both[0], both[60]]).toEqual(['happiness/face', 'disgust/speech'])
    expect(sources({ settings: { modalities: ['face'] } })[60]).toBe('/none')
    // A face that fusion refuses is not the final label either.
    const gates = { face: { sizePx: { zeroAt: 1000, oneAt: 2000 } } }
    expect(sources({ settings: { fusion: { gates } } })[0]).toBe('/none')
  })

  it('has no final label on frames left out by the rate setting', () => {
    const sampled = faceFrames(100, 25, () => 1).map((frame) =>
      frame.frameIndex % 5 === 0 ? frame : { ...frame, isAnalysed: false, faces: [] },
    )
    const settings = { modalities: ['face' as const, 'speech' as const] }
    const built = buildTimeline(sampled, { speech: spoken(4, 0, 4, () => 5), speechCard, settings })
    const rows = asRecords(read(framesCsv(built, clipContext({}, settings))))
    for (const [index, { final_label, final_source }] of rows.entries())
      expect(`${final_label}/${final_source}`).toBe(index % 5 === 0 ? 'happiness/face' : '/none')
  })

  it('says why there are no fused values, and only where there are none', () => {
    const absence = (options: Parameters<typeof buildTimeline>[1], count = 5) =>
      asRecords(
        read(
          framesCsv(
            buildTimeline(
              faceFrames(count, 25, (_, index) => (index === 0 ? null : 1)).map((frame) =>
                frame.frameIndex === 1 ? { ...frame, isAnalysed: false, faces: [] } : frame,
              ),
              options,
            ),
            clipContext({}, options?.settings),
          ),
        ),
      ).map(({ fusion_absent }) => fusion_absent)
    expect(absence({}).slice(0, 3)).toEqual(['no_reading', 'not_analysed', ''])
    const gates = { face: { sizePx: { zeroAt: 1000, oneAt: 2000 } } }
    expect(absence({ settings: { fusion: { gates } } })[2]).toBe('low_gates')
    expect(new Set(absence({ settings: { modalities: ['face'] } }))).toEqual(new Set(['not_asked']))
    for (const record of records) expect(record.fusion_absent === '').toBe(record.fusion_label !== '')
    expect(records.some(({ disagree }) => disagree === '')).toBe(true)
    for (const { disagree, face_label, speech_label } of records)
      expect(disagree === '').toBe(face_label === '' || speech_label === '')
  })

  it('is the same for the same input', () => {
    const again = [...framesCsv(sampleTimeline(), clipContext({ analysedAt: '2030-01-01T00:00:00Z' }))].join(
      '',
    )
    expect(again).toBe([...framesCsv(timeline, clipContext())].join(''))
  })
})

describe('speech table', () => {
  const records = asRecords(read(speechCsv(timeline, clipContext())))

  it('has the native windows with calm inside neutral', () => {
    expect(Object.keys(records[0] ?? {}).slice(0, 6)).toEqual(
      'clip_id,win,start_s,end_s,speech_active,rms_db'.split(','),
    )
    expect(records).toHaveLength(timeline.speech?.windows.length ?? -1)
    for (const record of records) {
      const values = seven('speech').map((name) => record[name] ?? '')
      if (record.state !== 'speech') {
        expect(record.speech_active).toBe('0')
        expect([...values, record.speech_label, record.speech_p_calm].every((cell) => cell === '')).toBe(true)
        continue
      }
      expect(values.map(Number).reduce((a, b) => a + b, 0)).toBeCloseTo(1, 5)
      expect(Number(record.speech_p_calm)).toBeCloseTo(0.04, 6)
      expect(Number(record.speech_p_neutral)).toBeCloseTo(0.08, 6)
    }
  })

  it('has no level for digital silence', () => {
    const silence = speechWindow(0, 2, null, { rmsDb: -200 })
    const quiet = speechWindow(2, 4, null, { rmsDb: -91.25 })
    const span = { startSecs: 0, endSecs: 4 }
    const silent = buildTimeline([], {
      media: mediaInfo({ hasVideo: false, durationSecs: 4 }),
      speech: { span, activity: [], windows: [silence, quiet] },
      speechCard,
    })
    const rows = asRecords(read(speechCsv(silent, clipContext())))
    expect(rows.map(({ rms_db }) => rms_db)).toEqual(['', '-91.250'])
  })

  it('is a header alone without audio', () => {
    const silent = buildTimeline(
      faceFrames(3, 25, () => 1),
      { media: mediaInfo({ hasAudio: false }) },
    )
    expect(read(speechCsv(silent, clipContext()))).toHaveLength(1)
  })
})

describe('long table', () => {
  const records = asRecords(read(longCsv(timeline, clipContext())))

  it('holds the values of the frames table', () => {
    const wide = asRecords(read(framesCsv(timeline, clipContext())))
    const key = (frame?: string, faceId?: string) => `${frame}/${faceId}`
    const rows = new Map(wide.map((record) => [key(record.frame, record.face_id), record]))
    expect(records.length).toBe(7 * (300 + 250 + 300))
    for (const record of records) {
      const row =
        record.modality === 'speech'
          ? wide.find(({ frame }) => frame === record.frame)
          : rows.get(key(record.frame, record.face_id))
      expect(record.value).toBe(row?.[`${record.modality}_p_${record.emotion}`])
      const isTop = row?.[`${record.modality}_label`] === record.emotion
      expect(record.is_top).toBe(record.value === '' ? '' : isTop ? '1' : '0')
      if (record.value === '') expect(record.valid).toBe('0')
    }
  })

  it('has no rows of a modality that the clip cannot have', () => {
    const mute = buildTimeline(
      faceFrames(5, 25, () => 1),
      { media: mediaInfo({ hasAudio: false }), speechCard },
    )
    const sound = buildTimeline([], {
      media: mediaInfo({ hasVideo: false }),
      speech: spoken(4, 0, 4, () => 5),
      speechCard,
    })
    const found = [mute, sound].map((built) => [
      ...new Set(asRecords(read(longCsv(built, clipContext()))).map(({ modality }) => modality)),
    ])
    expect(found).toEqual([
      ['face', 'fusion'],
      ['speech', 'fusion'],
    ])
  })

  it('is sorted by time, modality, face and emotion', () => {
    const order = ['face', 'speech', 'fusion', 'manual']
    const keys = records.map((record) => [
      Number(record.time_s),
      order.indexOf(record.modality ?? ''),
      Number(record.face_id || 0),
      EMOTIONS.indexOf(record.emotion as (typeof EMOTIONS)[number]),
    ])
    for (let index = 1; index < keys.length; index++) {
      const before = keys[index - 1] ?? []
      const now = keys[index] ?? []
      const place = now.findIndex((value, at) => value !== before[at])
      expect(place).toBeGreaterThanOrEqual(0)
      expect(now[place]).toBeGreaterThan(before[place] ?? Number.NaN)
    }
  })
})
