import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { type ModelLabel, EMOTIONS, MODEL_LABELS } from '../../emotions'
import { UnmaskError, throwIfAborted, toFault } from '../../errors'
import type { Picture } from '../../face/resample'
import { PictureDecoder } from '../../media/decode-picture'
import { FacePixels } from './face-pixels'
import type { FaceSet } from './face-set'
import { GreySquares } from './grey-picture'
import { labelOf } from './labels'
import type { Manifest } from './manifest'
import { isPicturePath } from './picture-file'
import { type OnProblem, dataError, quoted, reportProblem } from './problems'

/** A picture file with what is known of it. */
export interface PictureEntry {
  readonly path: string
  readonly id: string
  readonly label: ModelLabel
  readonly split: string
  readonly speaker: string
  /** Where the entry comes from, for messages. */
  readonly source: { readonly path: string; readonly line: number | null }
}

/**
 * Makes one grey face of a picture: cuts and resizes. Returns false where it sees none.
 * @param out shape [sidePx, sidePx], written
 */
export type MakeFace = (picture: Picture, out: Uint8Array) => Promise<boolean> | boolean

export interface ReadPicturesOptions {
  readonly sidePx: number
  /** Only these splits are read. */
  readonly splits?: readonly string[]
  /** The square in the middle of the picture unless said. */
  readonly makeFace?: MakeFace
  readonly onProblem?: OnProblem
  readonly signal?: AbortSignal
}

/**
 * Lists pictures that lie in a folder for each class: `train/angry/1.jpg` (the folders above the class are the split) or
 * `angry/1.jpg`. Hidden files and files that are no pictures are passed over. Sorted by path.
 * @throws UnmaskError 'data.invalid' for a folder of pictures that is named like no emotion, and when there is no picture
 */
export async function listPictureFolder(folder: string, onProblem?: OnProblem): Promise<PictureEntry[]> {
  const entries: PictureEntry[] = []
  await listInside(folder, folder, entries, onProblem)
  if (entries.length === 0)
    throw dataError({
      path: folder,
      line: null,
      message: 'no pictures in folders named like emotions (train/angry/1.jpg) below this folder',
    })
  return entries
}

/** The pictures of a manifest; rows of other files are problems. */
export function listManifestPictures(manifest: Manifest, onProblem?: OnProblem): PictureEntry[] {
  return manifest.rows.flatMap(({ line, id, path, label, speaker, split }) => {
    if (isPicturePath(path))
      return [{ path, id, label, speaker, split: split ?? '', source: { path: manifest.path, line } }]
    reportProblem(onProblem, {
      path: manifest.path,
      line,
      message: `${quoted(id)} is no picture; a face model is trained on JPEG, PNG, BMP, WebP, TIFF or PGM files`,
    })
    return []
  })
}

/**
 * Decodes pictures into a face set. Labels beyond the seven (contempt) become -1.
 * @throws UnmaskError 'data.invalid' for a picture that cannot be read, unless `onProblem` takes it; 'cancelled'
 */
export async function readPictures(
  entries: readonly PictureEntry[],
  { sidePx, splits, makeFace, onProblem, signal }: ReadPicturesOptions,
): Promise<FaceSet> {
  const wanted = splits ? entries.filter(({ split }) => splits.includes(split)) : entries
  const pixels = new FacePixels(sidePx)
  const kept: PictureEntry[] = []
  const squares = new GreySquares(sidePx)
  const decoder = await PictureDecoder.open()
  try {
    for (const entry of wanted) {
      throwIfAborted(signal)
      try {
        const picture = await decoder.decode(entry.path)
        const out = pixels.next()
        if (!makeFace) squares.make(picture, out)
        else if (!(await makeFace(picture, out)))
          throw new UnmaskError('data.invalid', `no face is found in the picture: ${entry.path}`)
        pixels.keep()
        kept.push(entry)
      } catch (error) {
        if (!(error instanceof UnmaskError)) throw error
        reportProblem(onProblem, { ...entry.source, message: toFault(error).message })
      }
    }
  } finally {
    decoder.free()
  }
  return {
    count: kept.length,
    sidePx,
    pixels: pixels.take(),
    labels: Int32Array.from(kept, ({ label }) => EMOTIONS.findIndex((emotion) => emotion === label)),
    votes: null,
    refusals: null,
    splits: kept.map(({ split }) => split),
    ids: kept.map(({ id }) => id),
    speakers: kept.some(({ speaker }) => speaker !== '') ? kept.map(({ speaker }) => speaker) : null,
  }
}

async function listInside(
  root: string,
  folder: string,
  entries: PictureEntry[],
  onProblem: OnProblem | undefined,
): Promise<void> {
  let found: Dirent[]
  try {
    found = await readdir(folder, { withFileTypes: true })
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error)
    throw new UnmaskError('input.unreadable', `The folder cannot be read (${reason}): ${folder}`, {
      cause: error,
    })
  }
  found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  const pictures = found.filter((entry) => !entry.name.startsWith('.') && isPicturePath(entry.name))
  const files = pictures.filter((entry) => !entry.isDirectory())
  const label = labelOf(basename(folder))
  if (files.length > 0 && label === null)
    reportProblem(onProblem, {
      path: folder,
      line: null,
      message: `${files.length} pictures in a folder named ${quoted(basename(folder))}, which is no emotion; known are ${MODEL_LABELS.join(', ')} and common spellings`,
    })
  if (label !== null)
    for (const file of files) {
      const path = join(folder, file.name)
      const id = relative(root, path).split(sep).join('/')
      const split = relative(root, dirname(folder)).split(sep).join('/')
      // The root may itself be a class, as in `--data train/angry`: then there is no split.
      const isInside = folder !== root
      entries.push({
        path,
        id,
        label,
        split: isInside ? split : '',
        speaker: '',
        source: { path, line: null },
      })
    }
  for (const entry of found)
    if (entry.isDirectory() && !entry.name.startsWith('.'))
      await listInside(root, join(folder, entry.name), entries, onProblem)
}
