import { annotationItemSchema } from '../annotation/schema'
import { counted } from './count-words'
import { randomUUID } from 'node:crypto'
import type {
  AnnotationChange,
  AnnotationItem,
  SegmentItem,
  SegmentStatus,
  Study,
  VariableItem,
} from '../../../preload/contract/annotation'
import type {
  ImportChoices,
  ImportPlan,
  PlannedClip,
  TierChoice,
} from '../../../preload/contract/interchange'
import type { InterchangeAnnotation, InterchangeDocument, InterchangeTier } from './document'
import { FrameEdges } from './frame-edges'
import { firstIssueText } from './issue-text'
import { LeftOut } from './left-out'
import { Occupancy } from './occupancy'
import { StudyAdditions } from './study-additions'

export interface ClipOfImport {
  readonly items: readonly AnnotationItem[]
  /** Ascending; null: not known. */
  readonly frameTimesSecs: ArrayLike<number> | null
  readonly durationSecs: number | null
}

export interface ImportToPlan {
  readonly documents: readonly InterchangeDocument[]
  readonly choices: ImportChoices
  readonly study: Study
  /** Who codes in this window; null: nobody. */
  readonly observerId: string | null
  readonly clipOf: (token: string) => ClipOfImport
  /** ISO 8601 UTC: of what the file does not date. */
  readonly now: string
}

/** As many conflicts are shown one by one. */
const SHOWN_CONFLICTS = 20
/** What a container says of its length and what is in it differ by about this. */
const CONTAINER_SECS = 0.5
const MAX_ID_CHARS = 200
const MAX_NAME_CHARS = 200

/** What an import does to study and clips. Nothing is changed here. */
export function planImport(options: ImportToPlan): ImportPlan {
  const { documents, choices, study } = options
  const additions = new StudyAdditions(study)
  const codes = new Map(choices.labels.map((choice) => [`${choice.kind} ${choice.label}`, choice.code]))
  const clips = new Map<string, ClipPlan>()
  const movedNames = new Map<string, string>()
  documents.forEach((document, index) => {
    const choice = choices.recordings[index]
    if (!choice || choice.clipToken === null) return
    const token = choice.clipToken
    const clip = clips.get(token) ?? new ClipPlan(token, options, additions, movedNames)
    clips.set(token, clip)
    document.tiers.forEach((tier, place) => {
      const target = choice.tiers[place]
      if (target && target.observer !== null)
        clip.addTier(tier, {
          target: { ...target, observer: target.observer },
          offsetSecs: choice.offsetSecs,
          codes,
          document,
        })
    })
    clip.addVariables(document)
  })
  return {
    study: additions.hasGrown ? additions.study : null,
    newObservers: additions.newObservers,
    newSubjects: additions.newSubjects,
    newCodes: additions.newCodes,
    newVariables: additions.newVariables,
    clips: [...clips.values()].map((clip) => clip.planned()),
    obstacle: obstacleTo(study, additions),
  }
}

function obstacleTo(study: Study, { newCodes, newObservers, newSubjects }: StudyAdditions): string | null {
  if (study.scheme.isLocked && newCodes.length > 0)
    return `the coding scheme is locked, and ${counted(newCodes.length, 'new code', 'new codes')} would be needed (${newCodes.slice(0, 5).join(', ')}); give these labels a code of the scheme, leave them out, or unlock the scheme`
  const long = [...newCodes, ...newObservers, ...newSubjects].find((name) => name.length > MAX_NAME_CHARS)
  return long === undefined
    ? null
    : `"${long.slice(0, 40)}…" has ${long.length} characters; names have at most ${MAX_NAME_CHARS}`
}

interface TierToAdd {
  readonly target: TierChoice & { readonly observer: string }
  readonly offsetSecs: number
  readonly codes: ReadonlyMap<string, string | null>
  readonly document: InterchangeDocument
}

class ClipPlan {
  readonly #token: string
  readonly #options: ImportToPlan
  readonly #additions: StudyAdditions
  readonly #movedNames: Map<string, string>
  readonly #clip: ClipOfImport
  readonly #existing: ReadonlyMap<string, AnnotationItem>
  readonly #there: Occupancy
  readonly #coming: Occupancy
  readonly #edges: FrameEdges
  readonly #puts = new Map<string, AnnotationItem>()
  readonly #removes = new Set<string>()
  readonly #leftOut = new LeftOut()
  readonly #conflicts: PlannedClip['conflicts'][number][] = []
  #conflictCount = 0
  #sameCount = 0

  constructor(
    token: string,
    options: ImportToPlan,
    additions: StudyAdditions,
    movedNames: Map<string, string>,
  ) {
    this.#token = token
    this.#options = options
    this.#additions = additions
    this.#movedNames = movedNames
    this.#clip = options.clipOf(token)
    this.#existing = new Map(this.#clip.items.map((item) => [item.id, item]))
    this.#there = new Occupancy()
    this.#coming = new Occupancy()
    const codes = new Map(options.study.scheme.codes.map((code) => [code.id, code]))
    for (const item of this.#clip.items) {
      const code = item.kind === 'segment' ? codes.get(item.codeId) : undefined
      if (item.kind === 'segment' && code) this.#there.add(item, code)
    }
    this.#edges = new FrameEdges(this.#clip.frameTimesSecs, this.#clip.durationSecs)
  }

  addTier(tier: InterchangeTier, to: TierToAdd): void {
    const kind = tier.kind === 'points' ? 'point' : 'state'
    for (const annotation of tier.annotations) {
      const name = to.codes.get(`${kind} ${annotation.label}`) ?? null
      if (name === null || name.trim() === '') {
        this.#leftOut.note('label', `"${annotation.label.slice(0, 60)}" has no code`)
        continue
      }
      const code = this.#additions.code(name.trim(), kind, to.target.set, to.document.codes)
      if (!code) {
        this.#leftOut.note('kind', `"${name}" is a code of the other kind (state and point)`)
        continue
      }
      const item = this.#itemOf(annotation, { ...to, kind, codeId: code.id })
      if (item) this.#addItem(item, to.target.observer, code)
    }
  }

  /** Values of the clip that the project does not have yet; what it has stays. */
  addVariables({ variables }: InterchangeDocument): void {
    const observerId = this.#options.observerId
    for (const variable of variables) {
      if (variable.value === '') continue
      if (observerId === null) {
        this.#leftOut.note('variable', `variable ${variable.name}: choose who codes first`)
        continue
      }
      const known = this.#additions.clipVariable(variable)
      if (!known) {
        this.#leftOut.note('variable', `variable ${variable.name} belongs to subjects here`)
        continue
      }
      const stands = [...this.#clip.items, ...this.#puts.values()].find(
        (item): item is VariableItem => item.kind === 'variable' && item.variableId === known.id,
      )
      if (stands && stands.value !== variable.value)
        this.#leftOut.note(
          'variable',
          `variable ${variable.name} is "${stands.value}" here and "${variable.value}" in the file`,
        )
      if (stands) continue
      const id = randomUUID()
      this.#puts.set(id, {
        kind: 'variable',
        id,
        observerId,
        editedAt: this.#options.now,
        variableId: known.id,
        value: variable.value,
      })
    }
  }

  planned(): PlannedClip {
    const changes: AnnotationChange[] = [
      ...[...this.#removes].filter((id) => !this.#puts.has(id)).map((remove) => ({ remove })),
      ...[...this.#puts.values()].map((put) => ({ put })),
    ]
    const added = [...this.#puts.values()].filter(({ kind }) => kind === 'segment').length
    return {
      token: this.#token,
      edit: changes.length > 0 ? { changes, title: `import ${counted(added, 'segment', 'segments')}` } : null,
      addedCount: added,
      replacedCount: this.#removes.size,
      sameCount: this.#sameCount,
      conflictCount: this.#conflictCount,
      conflicts: this.#conflicts,
      offFrameCount: this.#edges.offFrameCount,
      leftOut: this.#leftOut.lines(),
    }
  }

  #itemOf(
    annotation: InterchangeAnnotation,
    { target, offsetSecs, kind, codeId }: TierToAdd & { kind: 'state' | 'point'; codeId: string },
  ): SegmentItem | null {
    const startSecs = this.#edges.of(annotation.startSecs + offsetSecs)
    const endSecs = kind === 'point' ? startSecs : this.#edges.of(annotation.endSecs + offsetSecs)
    if (kind === 'state' && endSecs <= startSecs) {
      this.#leftOut.note('length', `a state without length at ${annotation.startSecs} s`)
      return null
    }
    const { durationSecs } = this.#clip
    const lastSecs = (durationSecs ?? Number.POSITIVE_INFINITY) + CONTAINER_SECS
    if (startSecs < 0 || startSecs > lastSecs) {
      this.#leftOut.note('outside', `${startSecs} s lies outside of the clip`)
      return null
    }
    if (endSecs > lastSecs) this.#leftOut.note('beyond', `${endSecs} s`)
    const comment = [annotation.comment, annotation.modifier && `modifier: ${annotation.modifier}`]
    const item: SegmentItem = {
      kind: 'segment',
      id: annotation.id,
      observerId: this.#additions.observer(target.observer.trim()).id,
      subjectId: this.#additions.subjectId(target.subject.trim()),
      codeId,
      startSecs,
      endSecs,
      status: statusOf(annotation),
      orig: annotation.orig,
      confidence: annotation.confidence,
      comment: comment.filter((text) => text !== '').join('; '),
      editedAt: annotation.editedAt || this.#options.now,
    }
    // Files say what they like; the project holds what its own schema allows. The id is given later.
    const checked = annotationItemSchema.safeParse({ ...item, id: 'new' })
    if (checked.success) return item
    this.#leftOut.note('form', `${firstIssueText(checked.error)} at ${annotation.startSecs} s`)
    return null
  }

  #addItem(
    item: SegmentItem,
    observer: string,
    code: { kind: 'state' | 'point'; set: string; name: string },
  ): void {
    if (this.#there.hasSame(item, code)) {
      this.#sameCount++
      return
    }
    const twin = this.#existing.get(item.id)
    const taken = this.#there.conflicts(item, code)
    const isSameSegment =
      twin?.kind === 'segment' && twin.observerId === item.observerId && !taken.includes(twin)
    const inWay = isSameSegment ? [...taken, twin] : taken
    let final = item
    if (inWay.length > 0) {
      this.#conflictCount++
      this.#show(item, inWay, observer, code.name)
      if (this.#options.choices.conflicts === 'skip') return
      if (this.#options.choices.conflicts === 'replace') for (const { id } of inWay) this.#removes.add(id)
      else {
        const name = this.#movedNames.get(observer) ?? this.#additions.freeObserverName(observer)
        this.#movedNames.set(observer, name)
        final = { ...item, observerId: this.#additions.observer(name).id }
      }
    }
    if (this.#coming.conflicts(final, code).length > 0) {
      this.#leftOut.note(
        'overlap',
        `${code.name} at ${item.startSecs} s overlaps another one of the file with the same observer, subject and set`,
      )
      return
    }
    const isFree =
      final.id !== '' &&
      final.id.length <= MAX_ID_CHARS &&
      !this.#puts.has(final.id) &&
      (!this.#existing.has(final.id) || this.#removes.has(final.id))
    const put = isFree ? final : { ...final, id: randomUUID() }
    this.#coming.add(put, code)
    this.#puts.set(put.id, put)
  }

  #show(item: SegmentItem, inWay: readonly SegmentItem[], observer: string, label: string): void {
    if (this.#conflicts.length >= SHOWN_CONFLICTS) return
    const names = new Map(this.#options.study.scheme.codes.map(({ id, name }) => [id, name]))
    const existing = [...new Set(inWay.map(({ codeId }) => names.get(codeId) ?? codeId))].join(', ')
    this.#conflicts.push({ startSecs: item.startSecs, endSecs: item.endSecs, label, existing, observer })
  }
}

/** The model's own word is no person's: what is taken over was added here. */
function statusOf({ status, orig }: InterchangeAnnotation): SegmentStatus {
  return status === 'auto' ? (orig ? 'confirmed' : 'added') : status
}
