import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ModelLabel } from '../../emotions'
import { UnmaskError } from '../../errors'

/** The eight emotions of RAVDESS in the order of their codes 01 to 08 (Livingstone and Russo 2018, table 1). */
export const RAVDESS_LABELS = [
  'neutral',
  'calm',
  'happiness',
  'sadness',
  'anger',
  'fear',
  'disgust',
  'surprise',
] as const satisfies readonly ModelLabel[]

export interface RavdessClip {
  readonly path: string
  /** File name without its ending. */
  readonly name: string
  /** 1..24; odd are men, even are women. */
  readonly actor: number
  /** Index into RAVDESS_LABELS. */
  readonly label: number
  readonly isStrong: boolean
}

const NAME = /^(\d{2})-(\d{2})-(\d{2})-(\d{2})-(\d{2})-(\d{2})-(\d{2})\.(?:flac|wav)$/i
const SPEECH_CHANNEL = '01'

/**
 * Reads a RAVDESS file name: modality-channel-emotion-intensity-statement-repetition-actor.
 * @returns null for names of another form and for song recordings
 */
export function parseRavdessName(fileName: string): Omit<RavdessClip, 'path'> | null {
  const match = NAME.exec(fileName)
  if (!match) return null
  const [, , channel, emotion, intensity, , , actor] = match
  const label = Number(emotion) - 1
  const actorNumber = Number(actor)
  if (channel !== SPEECH_CHANNEL || label < 0 || label >= RAVDESS_LABELS.length) return null
  if (actorNumber < 1 || actorNumber > 24) return null
  return {
    name: fileName.replace(/\.[^.]+$/, ''),
    actor: actorNumber,
    label,
    isStrong: intensity === '02',
  }
}

/**
 * All speech clips below a folder of Actor_NN folders, sorted by name within actor.
 * @throws UnmaskError 'data.invalid' when there is none
 */
export async function listRavdess(folder: string): Promise<RavdessClip[]> {
  const clips: RavdessClip[] = []
  for (const entry of (await readdir(folder, { withFileTypes: true })).sort(byName)) {
    if (!entry.isDirectory()) continue
    for (const fileName of (await readdir(join(folder, entry.name))).sort()) {
      const parsed = parseRavdessName(fileName)
      if (parsed) clips.push({ ...parsed, path: join(folder, entry.name, fileName) })
    }
  }
  if (clips.length === 0)
    throw new UnmaskError(
      'data.invalid',
      `no RAVDESS speech clips (Actor_NN/03-01-...flac or .wav) below ${folder}`,
    )
  return clips
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1
}
