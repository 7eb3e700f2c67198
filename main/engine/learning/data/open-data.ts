import { basename } from 'node:path'
import type { FaceSet } from './face-set'
import { FER2013_SIDE_PX } from './fer2013-csv'
import { readFer2013 } from './fer2013'
import { type ManifestRow, readManifest } from './manifest'
import { isPicturePath } from './picture-file'
import { type MakeFace, listManifestPictures, listPictureFolder, readPictures } from './picture-set'
import { type OnProblem, dataError, quoted, reportProblem } from './problems'
import { RAVDESS_LABELS, type RavdessFile, listSpokenRavdess } from './ravdess'
import { recogniseData } from './recognise'
import type { VoiceClip } from './voice-clip'

export interface OpenDataOptions {
  /** Takes problems of single rows and files, which are then left out; without it the first one is thrown. */
  readonly onProblem?: OnProblem
  readonly signal?: AbortSignal
}

export interface OpenFaceDataOptions extends OpenDataOptions {
  /** Only these splits are read, as the data set spells them. */
  readonly splits?: readonly string[]
  /** Side of the pictures in pixels. FER2013 has 48 and nothing else. */
  readonly sidePx?: number
  /** How a face is cut out of a picture file; the square in its middle unless said. FER2013's are cut already. */
  readonly makeFace?: MakeFace
}

/**
 * Reads labelled faces in any form: FER2013 (a CSV, plain or gzip, or the folder with it, with FER+ where fer2013new.csv
 * lies beside), pictures in a folder for each class, or a manifest of pictures.
 * @throws UnmaskError 'data.invalid' naming file, line and value; 'input.*' for paths; 'cancelled'
 */
export async function openFaceData(path: string, options: OpenFaceDataOptions = {}): Promise<FaceSet> {
  const { onProblem, signal, splits, sidePx = FER2013_SIDE_PX, makeFace } = options
  const form = await recogniseData(path)
  const set = await (async () => {
    switch (form.kind) {
      case 'fer2013':
        if (sidePx !== FER2013_SIDE_PX)
          throw dataError({ path, line: null, message: `FER2013 has pictures of 48 px, not ${sidePx}` })
        return readFer2013(form.imagesPath, form.votesPath, { splits, onProblem, signal })
      case 'picture-folder':
        return readPictures(await listPictureFolder(form.folder, onProblem), { ...options, sidePx })
      case 'manifest': {
        const manifest = await readManifest(form.path, { onProblem, signal })
        const entries = listManifestPictures(manifest, onProblem)
        return readPictures(entries, { splits, sidePx, makeFace, onProblem, signal })
      }
      case 'ravdess':
        throw dataError({
          path,
          line: null,
          message: 'these are recordings of RAVDESS, not pictures; a face model needs labelled pictures',
        })
    }
  })()
  if (set.count === 0)
    throw dataError({
      path,
      line: null,
      message: splits
        ? `no picture of ${splits.join(', ')}; check the names of the splits`
        : 'no picture can be read',
    })
  return set
}

/**
 * Lists labelled recordings in any form: RAVDESS (Actor_NN folders of WAV, FLAC or MP4, at any depth) or a manifest of sound
 * or video files. Sorted by speaker within RAVDESS, in the order of the lines in a manifest.
 * @throws UnmaskError 'data.invalid' naming file, line and value; 'input.*' for paths; 'cancelled'
 */
export async function listVoiceData(path: string, options: OpenDataOptions = {}): Promise<VoiceClip[]> {
  const form = await recogniseData(path)
  switch (form.kind) {
    case 'ravdess':
      return (await listSpokenRavdess(form.folder)).map(voiceOfRavdess)
    case 'manifest': {
      const { rows } = await readManifest(form.path, options)
      const clips = rows.flatMap((row) => voiceOfRow(row, form.path, options.onProblem))
      if (clips.length === 0)
        throw dataError({ path: form.path, line: null, message: 'no recording can be read' })
      return clips
    }
    case 'fer2013':
    case 'picture-folder':
      throw dataError({
        path,
        line: null,
        message:
          'these are pictures, not recordings; a speech model needs RAVDESS or a manifest of recordings',
      })
  }
}

function voiceOfRavdess({ path, name, label, actor }: RavdessFile): VoiceClip {
  return {
    path,
    id: name,
    label: RAVDESS_LABELS[label]!,
    speaker: String(actor).padStart(2, '0'),
    split: null,
  }
}

function voiceOfRow(
  { line, id, path, label, speaker, split }: ManifestRow,
  manifestPath: string,
  onProblem: OnProblem | undefined,
): VoiceClip[] {
  if (!isPicturePath(path)) return [{ path, id, label, speaker, split }]
  reportProblem(onProblem, {
    path: manifestPath,
    line,
    message: `${quoted(basename(id))} is a picture; a speech model is trained on recordings`,
  })
  return []
}
