import { basename } from 'node:path'
import type { JournalEntry } from '../batch/journal'
import { toStoredPath } from './clip-paths'
import { projectClipSchema, type ProjectClipEntry, type ProjectFile } from './project-file'

/** A project without clips. */
export function emptyProject(folder: string, options: { name?: string; resultsFolder: string }): ProjectFile {
  return {
    format: 'unmask-project',
    formatVersion: 1,
    name: options.name ?? (basename(folder) || 'Project'),
    createdAt: new Date().toISOString(),
    savedIn: folder,
    resultsFolder: options.resultsFolder,
    clips: [],
    removed: [],
    queue: [],
    choices: null,
  }
}

/** Clips that a journal knows, in the order in which they first appear. */
export function clipsOfJournal(entries: readonly JournalEntry[], folder: string): ProjectClipEntry[] {
  const clips = new Map<string, ProjectClipEntry>()
  for (const entry of entries) {
    if (entry.type === 'batch') continue
    const { path, sizeBytes, modifiedMs } = entry.source
    const addedAt = clips.get(path)?.addedAt ?? entry.at
    clips.set(path, {
      clipId: entry.clipId,
      path: toStoredPath(folder, path),
      sizeBytes,
      modifiedMs,
      addedAt,
      facts: null,
    })
  }
  return [...clips.values()]
}

/** An entry holds at most one object, its facts. */
const CLIP_OBJECT = /\{(?:[^{}]|\{[^{}]*\})*?"clipId"(?:[^{}]|\{[^{}]*\})*\}/g

/** Whole clip entries in a project file that can no longer be read as one: torn, or with damage elsewhere. */
export function salvageClips(text: string): ProjectClipEntry[] {
  const found = new Map<string, ProjectClipEntry>()
  for (const [piece] of text.matchAll(CLIP_OBJECT)) {
    const clip = parseClip(piece)
    if (clip) found.set(clip.clipId, clip)
  }
  return [...found.values()]
}

function parseClip(piece: string): ProjectClipEntry | null {
  try {
    return projectClipSchema.safeParse(JSON.parse(piece)).data ?? null
  } catch {
    return null // this very entry is the damaged one
  }
}

/** The first list with what only the second one knows, by path and by clip id. */
export function mergeClips(
  clips: readonly ProjectClipEntry[],
  more: readonly ProjectClipEntry[],
): ProjectClipEntry[] {
  const paths = new Set(clips.map(({ path }) => path))
  const ids = new Set(clips.map(({ clipId }) => clipId))
  return [...clips, ...more.filter((clip) => !paths.has(clip.path) && !ids.has(clip.clipId))]
}
