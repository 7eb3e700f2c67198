import type { Study } from '../../../preload/contract/annotation'
import type { ForeignRecording, ForeignTier, TierChoice } from '../../../preload/contract/interchange'
import type { InterchangeDocument, InterchangeTier } from '../../engine/interchange/document'
import { guessCode, guessTiers } from '../../engine/interchange/guess-mapping'
import { stemOf } from '../../engine/interchange/read-file'

export interface ClipToMatch {
  readonly token: string
  readonly clipId: string
  readonly fileName: string
}

export interface ReadDocument {
  readonly fileName: string
  readonly format: ForeignRecording['format']
  readonly document: InterchangeDocument
}

/** What the window is shown of a recording that was read, with guesses of what it is to become. */
export function describeRecording(
  { fileName, format, document }: ReadDocument,
  context: {
    readonly study: Study
    readonly clips: readonly ClipToMatch[]
    /** Of who may import for nobody else; null: anybody. */
    readonly own: string | null
  },
): ForeignRecording {
  const mediaName = nameOf(document.media[0]?.path ?? '')
  const guesses = guessTiers(document.tiers, context.study, context.own)
  const clip = matchClip({ document, mediaName, fileName }, context.clips)
  return {
    fileName,
    format,
    title: document.title,
    mediaName,
    durationSecs: document.durationSecs,
    clipToken: clip?.token ?? null,
    offsetSecs: offsetOf(document, clip),
    tiers: document.tiers.flatMap((tier, place) => {
      const guess = guesses[place]
      return guess ? [describeTier(tier, context.study, guess)] : []
    }),
    notices: [...new Set([...document.notices, ...offsetNotices(document)])],
  }
}

function describeTier(tier: InterchangeTier, study: Study, guess: TierChoice): ForeignTier {
  const { name, subject, observer, kind, source, annotations } = tier
  const codeKind = kind === 'points' ? 'point' : 'state'
  const counts = new Map<string, number>()
  for (const { label } of annotations) counts.set(label, (counts.get(label) ?? 0) + 1)
  return {
    name,
    subject,
    observer,
    kind,
    source,
    count: annotations.length,
    startSecs: annotations[0]?.startSecs ?? null,
    endSecs: annotations.reduce<number | null>(
      (last, { endSecs }) => Math.max(last ?? endSecs, endSecs),
      null,
    ),
    labels: [...counts].map(([label, count]) => ({
      label,
      kind: codeKind,
      count,
      guess: guessCode(label, codeKind, study),
    })),
    guess,
  }
}

function nameOf(path: string): string {
  const name = path.split(/[\\/]/).at(-1) ?? ''
  try {
    return decodeURIComponent(name)
  } catch {
    return name // a percent sign that encodes nothing
  }
}

const withoutEnding = (name: string): string => name.replace(/\.[^.]+$/, '').toLowerCase()

/** By the clip's id, by the media file, by the name of the annotation file; the only clip of a project fits by itself. */
function matchClip(
  { document, mediaName, fileName }: { document: InterchangeDocument; mediaName: string; fileName: string },
  clips: readonly ClipToMatch[],
): ClipToMatch | null {
  const names = [mediaName, document.title, stemOf(fileName)].filter((name) => name !== '')
  for (const name of names) {
    const found =
      clips.find((clip) => clip.clipId === name || clip.fileName === name) ??
      clips.find(
        (clip) => withoutEnding(clip.fileName) === withoutEnding(name) || clip.clipId === withoutEnding(name),
      )
    if (found) return found
  }
  return clips.length === 1 ? (clips[0] ?? null) : null
}

/** The shift of the media file that is the clip; of the first where none is. */
function offsetOf({ media }: InterchangeDocument, clip: ClipToMatch | null): number {
  const own = clip && media.find(({ path }) => nameOf(path) === clip.fileName)
  return (own ?? media[0])?.offsetSecs ?? 0
}

function offsetNotices({ media }: InterchangeDocument): string[] {
  return media
    .filter(({ offsetSecs }) => offsetSecs !== 0)
    .map(
      ({ path, offsetSecs }) =>
        `${nameOf(path)} begins ${offsetSecs} s before the file's zero; the shift is offered below`,
    )
}
