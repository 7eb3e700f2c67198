import { join } from 'node:path'
import { expect, it } from 'vitest'
import { mediaOffsetSecs } from '../../../main/engine/media/media-offset'
import { probe } from '../../../main/engine/media/probe'
import { writeProxy } from '../../../main/engine/media/proxy'
import { type ClipAudio, type ClipVideo, makeClip } from '../../support/media-fixtures'
import { tempFolder } from '../../support/temp-folder'

const AAC_PRIMING_SECS = 1024 / 48_000

// What Chrome 114 said of such files: the time drawn in the picture minus its mediaTime, over all frames played.
it.each<[string, ClipVideo, Partial<ClipAudio> | null, number]>([
  ['silent.mp4', {}, null, 0],
  ['sound.mp4', {}, {}, -AAC_PRIMING_SECS],
  ['sound-first.mp4', {}, { offsetSecs: -0.3 }, -0.3 - AAC_PRIMING_SECS],
  ['sound-later.mp4', {}, { offsetSecs: 0.3 }, 0],
  ['late.mp4', { startSecs: 3.2 }, null, -3.2],
  ['late-with-sound.mp4', { startSecs: 1.2 }, {}, -1.2 - AAC_PRIMING_SECS],
  ['pcm.mov', { startSecs: 1.2 }, {}, -1.2],
  ['opus.webm', {}, {}, 0],
  ['opus-first.webm', {}, { offsetSecs: -0.3 }, -0.3],
  ['flac-first.mkv', {}, { offsetSecs: -0.3 }, -0.3],
])('%s', async (name, video, audio, expected) => {
  const path = join(await tempFolder(), name)
  await makeClip({ path, video, ...(audio && { audio: { kind: 'tone', ...audio } }) })
  // Matroska rounds to milliseconds.
  expect(await mediaOffsetSecs(await probe(path))).toBeCloseTo(expected, name.endsWith('4') ? 6 : 3)
})

it('is 0 for a copy: its sound begins at the first picture', async () => {
  const folder = await tempFolder()
  const source = join(folder, 'source.mp4')
  await makeClip({ path: source, video: {}, audio: { kind: 'tone', offsetSecs: -0.3, durationSecs: 1.5 } })
  const proxy = join(folder, 'copy.mp4')
  await writeProxy(await probe(source), proxy)
  const info = await probe(proxy)
  expect(info.audio).not.toBeNull()
  expect(await mediaOffsetSecs(info)).toBeCloseTo(0, 9)
})
