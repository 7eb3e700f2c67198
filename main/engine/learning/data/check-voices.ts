import { createHash } from 'node:crypto'
import { UnmaskError, throwIfAborted, toFault } from '../../errors'
import { decodeAudio } from '../../media/decode-audio'
import { probe } from '../../media/probe'
import { readContinuous } from '../../speech/collect-features'
import { checkItems } from './check-items'
import type { CheckedItem, Finding, FindingKind } from './data-report'
import { measureLevel } from './level'
import type { VoiceClip } from './voice-clip'

/** No speech is this quiet; RAVDESS, which is very quiet, peaks above -40 dB. */
const SILENT_PEAK_DB = -60
/** Above this share a distortion is heard and seen in the spectrum. */
const CLIPPED_SHARE = 0.001
/** What the engine does not classify (models.md section 3). */
const SHORTEST_SECS = 0.6

export interface CheckVoicesOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

export interface CheckedVoices {
  /** Those that can be decoded. */
  readonly items: readonly CheckedItem[]
  readonly findings: readonly Finding[]
}

/** Decodes every recording at its own rate and looks at level, length and contents. */
export async function checkVoices(
  clips: readonly VoiceClip[],
  { signal, onProgress }: CheckVoicesOptions = {},
): Promise<CheckedVoices> {
  const items: CheckedItem[] = []
  const unreadable: Finding[] = []
  const notes = new Notes()
  for (const [place, clip] of clips.entries()) {
    throwIfAborted(signal)
    try {
      const { samples, rateHz, damage } = await decodeWhole(clip.path, signal)
      items.push({
        id: clip.id,
        label: clip.label,
        split: clip.split ?? '',
        speaker: clip.speaker,
        contents: contentsOf(samples),
      })
      const { peakDb, clippedShare } = measureLevel(samples)
      if (damage.length > 0) notes.add('damaged', clip.id, `${clip.id}: ${damage[0]}`)
      if (samples.length / rateHz < SHORTEST_SECS) notes.add('short', clip.id)
      if (peakDb < SILENT_PEAK_DB) notes.add('silent', clip.id)
      if (clippedShare > CLIPPED_SHARE)
        notes.add('clipped', clip.id, `${clip.id} ${(100 * clippedShare).toFixed(1)}% of its samples`)
    } catch (error) {
      if (!(error instanceof UnmaskError) || error.code === 'cancelled') throw error
      unreadable.push({
        kind: 'unreadable',
        severity: 'error',
        message: toFault(error).message,
        ids: [clip.id],
      })
    }
    onProgress?.(place + 1, clips.length)
  }
  const wanted = [...new Set(clips.map(({ label }) => label))].sort()
  return { items, findings: [...unreadable, ...checkItems(items, wanted), ...notes.findings()] }
}

class Notes {
  private readonly idsOf = new Map<FindingKind, { ids: string[]; first: string }>()

  add(kind: FindingKind, id: string, text = id): void {
    const entry = this.idsOf.get(kind)
    if (entry) entry.ids.push(id)
    else this.idsOf.set(kind, { ids: [id], first: text })
  }

  findings(): Finding[] {
    const texts: Partial<Record<FindingKind, string>> = {
      damaged: 'decode with damage',
      short: `shorter than ${SHORTEST_SECS} s, which is not classified`,
      silent: `silent (peak below ${SILENT_PEAK_DB} dB of full scale)`,
      clipped: `clipped (more than ${100 * CLIPPED_SHARE}% of samples at full scale)`,
    }
    return [...this.idsOf].map(([kind, { ids, first }]) => ({
      kind,
      severity: 'warning',
      message: `${ids.length} ${ids.length === 1 ? 'recording' : 'recordings'} ${texts[kind] ?? kind}; the first: ${first}`,
      ids,
    }))
  }
}

async function decodeWhole(
  path: string,
  signal: AbortSignal | undefined,
): Promise<{ samples: Float32Array; rateHz: number; damage: string[] }> {
  const info = await probe(path, { signal })
  if (info.audio === null) throw new UnmaskError('media.no-streams', `There is no sound in the file: ${path}`)
  const rateHz = info.audio.sampleRateHz
  const damage: string[] = []
  const parts: Float32Array[] = []
  await readContinuous(
    decodeAudio(info, { sampleRateHz: rateHz, signal, onDamage: (reason) => damage.push(reason) }),
    (samples) => {
      parts.push(samples.slice())
    },
    { signal },
  )
  const samples = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let offset = 0
  for (const part of parts) {
    samples.set(part, offset)
    offset += part.length
  }
  return { samples, rateHz, damage }
}

/** Of the sound, not the file: a WAV and its FLAC are equal. */
function contentsOf(samples: Float32Array): string {
  const steps = Int16Array.from(samples, (sample) => Math.round(sample * 32767))
  return createHash('sha1').update(new Uint8Array(steps.buffer)).digest('base64')
}
