import { describe, expect, it } from 'vitest'
import { assignClipIds } from '../../../main/engine/batch/clip-ids'

describe('assignClipIds', () => {
  it.each([
    { remark: 'the name without its extension', paths: ['/a/one.mp4'], ids: ['one'] },
    { remark: 'dots inside stay', paths: ['/a/s01.t2.mov'], ids: ['s01.t2'] },
    { remark: 'same name, other extension', paths: ['/a/x.mp4', '/a/x.wav'], ids: ['x_mp4', 'x_wav'] },
    { remark: 'same name, other folder', paths: ['/a/x.mp4', '/b/x.mp4'], ids: ['a_x_mp4', 'b_x_mp4'] },
    { remark: 'differ in capitals only', paths: ['/a/X.mp4', '/a/x.mov'], ids: ['X_mp4', 'x_mov'] },
    { remark: 'same folder name too', paths: ['/1/a/x.mp4', '/2/a/x.mp4'], ids: ['x_mp4-2', 'x_mp4-3'] },
    { remark: 'other alphabets stay', paths: ['/a/vp9 ñandú (1).webm'], ids: ['vp9 ñandú (1)'] },
    { remark: 'not allowed on Windows', paths: ['/a/q:1?.mp4'], ids: ['q_1_'] },
    { remark: 'a device name on Windows', paths: ['/a/con.mp4'], ids: ['clip_con'] },
    { remark: 'nothing but an extension', paths: ['/a/...mp4'], ids: ['clip_'] },
  ])('$remark', ({ paths, ids }) => {
    const given = assignClipIds(paths)
    expect(paths.map((path) => given.get(path))).toEqual(ids)
  })

  it('gives ids that differ even where file systems fold capitals, for any set of names', () => {
    const stems = ['a', 'A', 'b', 'a_mp4', 'x_a_mp4']
    const paths = ['x', 'y', 'z/x'].flatMap((folder) =>
      stems.flatMap((stem) => ['mp4', 'wav', 'MP4'].map((extension) => `/${folder}/${stem}.${extension}`)),
    )
    const ids = [...assignClipIds(paths).values()]
    expect(ids).toHaveLength(paths.length)
    expect(new Set(ids.map((id) => id.toLowerCase())).size).toBe(paths.length)
  })

  it.each(['ñ', '漢', '😀'])('keeps names of many %s short enough for a file system, and apart', (letter) => {
    const long = letter.repeat(250)
    const ids = [...assignClipIds([`/a/${long}1.mp4`, `/a/${long}2.mp4`]).values()]
    expect(new Set(ids).size).toBe(2)
    for (const id of ids) {
      expect(Buffer.byteLength(`${id}.boris-fusion.csv.unmask-tmp`)).toBeLessThanOrEqual(255)
      // No half of a surrogate pair at the cut.
      expect(() => encodeURIComponent(id)).not.toThrow()
    }
  })

  it('keeps the ids of an earlier run when a file of the same name is added', () => {
    const before = assignClipIds(['/a/x.mp4'])
    const after = assignClipIds(['/a/x.mp4', '/b/x.mp4'], before)
    expect(after.get('/a/x.mp4')).toBe('x')
    expect(after.get('/b/x.mp4')).toBe('x_mp4')
  })
})
