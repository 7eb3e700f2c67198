import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ModelLabel } from '../../emotions'
import { UnmaskError } from '../../errors'
import { dataError } from './problems'

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

export type RavdessModality = 'audio-video' | 'video' | 'audio'

const MODALITIES: readonly RavdessModality[] = ['audio-video', 'video', 'audio']

export interface RavdessName {
  /** File name without its ending. */
  readonly name: string
  readonly modality: RavdessModality
  readonly isSong: boolean
  /** 1..24; odd are men, even are women. */
  readonly actor: number
  /** Index into RAVDESS_LABELS. */
  readonly label: number
  readonly isStrong: boolean
  /** 1 "Kids are talking by the door", 2 "Dogs are sitting by the door". */
  readonly statement: number
  readonly repetition: number
}

export interface RavdessFile extends RavdessName {
  readonly path: string
}

const NAME = /^(\d{2})-(\d{2})-(\d{2})-(\d{2})-(\d{2})-(\d{2})-(\d{2})\.(wav|flac|mp4)$/i
const ACTORS = 24

/**
 * Reads a RAVDESS file name: modality-channel-emotion-intensity-statement-repetition-actor, as WAV, FLAC or MP4.
 * @returns null for names of another form and for codes that RAVDESS does not have
 */
export function parseRavdessName(fileName: string): RavdessName | null {
  const match = NAME.exec(fileName)
  if (!match) return null
  const codes = match.slice(1, 8).map(Number)
  const [modality = 0, channel = 0, emotion = 0, intensity = 0, statement = 0, repetition = 0, actor = 0] =
    codes
  const kind = MODALITIES[modality - 1]
  const isWithin = (code: number, highest: number): boolean => code >= 1 && code <= highest
  if (kind === undefined || !isWithin(channel, 2) || !isWithin(emotion, RAVDESS_LABELS.length)) return null
  if (!isWithin(intensity, 2) || !isWithin(statement, 2) || !isWithin(repetition, 2)) return null
  if (!isWithin(actor, ACTORS)) return null
  return {
    name: fileName.replace(/\.[^.]+$/, ''),
    modality: kind,
    isSong: channel === 2,
    actor,
    label: emotion - 1,
    isStrong: intensity === 2,
    statement,
    repetition,
  }
}

/**
 * All RAVDESS files below a folder, at any depth, spoken and sung, sorted by actor and then by name and path.
 * @throws UnmaskError 'data.invalid' when there is none
 */
export async function findRavdess(folder: string): Promise<RavdessFile[]> {
  const files: RavdessFile[] = []
  await collect(folder, files)
  if (files.length === 0)
    throw dataError({
      path: folder,
      line: null,
      message: 'no RAVDESS recordings (such as Actor_12/03-01-05-01-02-01-12.wav) below this folder',
    })
  return files.sort((a, b) => a.actor - b.actor || order(a.name, b.name) || order(a.path, b.path))
}

/**
 * The spoken recordings with sound, each utterance once: where it is there both as sound alone and as video with sound (the
 * same take), the sound alone stands.
 * @throws UnmaskError 'data.invalid' when there is none
 */
export async function listSpokenRavdess(folder: string): Promise<RavdessFile[]> {
  const chosen = new Map<string, RavdessFile>()
  for (const file of await findRavdess(folder)) {
    if (file.isSong || file.modality === 'video') continue
    const take = file.name.slice(3)
    const other = chosen.get(take)
    if (other === undefined || (other.modality !== 'audio' && file.modality === 'audio'))
      chosen.set(take, file)
  }
  if (chosen.size === 0)
    throw dataError({
      path: folder,
      line: null,
      message: 'RAVDESS recordings, but none of them is speech with sound (03-01-... or 01-01-...)',
    })
  return [...chosen.values()]
}

async function collect(folder: string, files: RavdessFile[]): Promise<void> {
  let entries
  try {
    entries = await readdir(folder, { withFileTypes: true })
  } catch (error) {
    throw new UnmaskError('input.unreadable', `The folder cannot be read (${String(error)}): ${folder}`, {
      cause: error,
    })
  }
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory() && !entry.name.startsWith('.')) await collect(path, files)
    else {
      const parsed = parseRavdessName(entry.name)
      if (parsed) files.push({ ...parsed, path })
    }
  }
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
