import { opendir, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { UnmaskError } from '../../errors'
import { isFerPlusHeader } from './fer-plus'
import { isFer2013Header } from './fer2013-csv'
import { isManifestHeader } from './manifest'
import { isPicturePath } from './picture-file'
import { dataError } from './problems'
import { parseRavdessName } from './ravdess'
import { readLines } from './text-lines'

/** The forms in which data sets come. */
export type DataForm =
  | { readonly kind: 'fer2013'; readonly imagesPath: string; readonly votesPath: string | null }
  | { readonly kind: 'picture-folder'; readonly folder: string }
  | { readonly kind: 'manifest'; readonly path: string }
  | { readonly kind: 'ravdess'; readonly folder: string }

/** FER2013 under the names it is handed around by; the first that is there counts. */
const FER2013_NAMES = ['fer2013.csv', 'fer2013.csv.gz', 'icml_face_data.csv', 'icml_face_data.csv.gz']
const FER_PLUS_NAMES = ['fer2013new.csv', 'fer2013new.csv.gz']
const MANIFEST_NAMES = ['manifest.csv', 'manifest.csv.gz']

/**
 * Tells which form the data at a path has: a table by its header, a folder by what lies in it.
 * @throws UnmaskError 'input.not-found' and as `readLines`; 'data.invalid' for none of the forms, saying which there are
 */
export async function recogniseData(path: string): Promise<DataForm> {
  let isFolder
  try {
    isFolder = (await stat(path)).isDirectory()
  } catch (error) {
    throw new UnmaskError('input.not-found', `No such file or folder; check the path: ${path}`, {
      cause: error,
    })
  }
  return isFolder ? recogniseFolder(path) : recogniseTable(path)
}

async function recogniseFolder(folder: string): Promise<DataForm> {
  const names = await readdir(folder)
  const find = (wanted: readonly string[]): string | null => {
    const name = wanted.find((candidate) => names.includes(candidate))
    return name === undefined ? null : join(folder, name)
  }
  const imagesPath = find(FER2013_NAMES)
  if (imagesPath !== null) return { kind: 'fer2013', imagesPath, votesPath: find(FER_PLUS_NAMES) }
  const manifest = find(MANIFEST_NAMES)
  if (manifest !== null) return { kind: 'manifest', path: manifest }
  const kind = await firstKnownFile(folder)
  if (kind === null)
    throw dataError({
      path: folder,
      line: null,
      message:
        'no data set is recognised; give a folder with fer2013.csv, manifest.csv, RAVDESS recordings ' +
        '(03-01-05-01-02-01-12.wav) or pictures in a folder for each class (train/angry/1.jpg)',
    })
  return { kind, folder }
}

async function recogniseTable(path: string): Promise<DataForm> {
  for await (const { bytes } of readLines(path)) {
    const text = bytes.toString('utf8')
    const header = text.split(',').map((name) => name.replaceAll('"', '').trim())
    if (isFer2013Header(header)) {
      const beside = await readdir(dirname(path))
      const votes = FER_PLUS_NAMES.find((name) => beside.includes(name) && name !== basename(path))
      return {
        kind: 'fer2013',
        imagesPath: path,
        votesPath: votes === undefined ? null : join(dirname(path), votes),
      }
    }
    if (isManifestHeader(header)) return { kind: 'manifest', path }
    if (isFerPlusHeader(header))
      throw dataError({
        path,
        line: 1,
        message: 'these are the votes of FER+ without pictures; put fer2013.csv beside and give the folder',
      })
    break
  }
  throw dataError({
    path,
    line: 1,
    message: 'the header is none that is known: emotion,pixels,Usage (FER2013) or path,label,speaker,split',
  })
}

/** Looks through a folder only until the first file tells what it is. */
async function firstKnownFile(folder: string): Promise<'ravdess' | 'picture-folder' | null> {
  const inside: string[] = []
  let hasPictures = false
  for await (const entry of await opendir(folder)) {
    if (entry.name.startsWith('.')) continue
    if (entry.isDirectory()) inside.push(entry.name)
    else if (parseRavdessName(entry.name) !== null) return 'ravdess'
    else if (isPicturePath(entry.name)) hasPictures = true
  }
  if (hasPictures) return 'picture-folder'
  for (const name of inside.sort()) {
    const kind = await firstKnownFile(join(folder, name))
    if (kind !== null) return kind
  }
  return null
}
