import type { MergeDone, MergePlanView, MergeSide } from '../../../preload/contract/merging'
import { UnmaskError } from '../../engine/errors'
import { applyMerge } from '../../engine/merging/apply-merge'
import { describePlan } from '../../engine/merging/describe-merge'
import { openConflicts, planMerge, settlePlan } from '../../engine/merging/plan-merge'
import { type ProjectCopy, readCopy, recordingsOf, versionsOf } from '../../engine/merging/read-copy'
import type { ItemVersions } from '../../engine/merging/versions'
import type { Project } from '../../engine/project/project'
import type { AnnotationSession } from '../annotation/annotation-session'

/** The open project, as merging needs it. */
export interface MergePlace {
  readonly project: Project
  readonly annotations: AnnotationSession
}

/** Merges another copy into the open project: a plan, kept until it is applied or dropped. */
export class MergeService {
  readonly #place: () => MergePlace
  #other: ProjectCopy | null = null
  /** Keys of the conflicts that the window was shown. */
  #shown: readonly string[] = []

  /** @param place throws while no project is open */
  constructor(place: () => MergePlace) {
    this.#place = place
  }

  /** @throws UnmaskError; see `readCopy` */
  async plan(folder: string): Promise<MergePlanView> {
    const { project, annotations } = this.#place()
    requireSighted(annotations)
    if (folder === project.folder)
      throw new UnmaskError(
        'usage.invalid',
        `this is the project that is open; choose another copy of it: ${folder}`,
      )
    this.drop()
    const other = await readCopy(folder)
    const here = await copyOf(this.#place())
    const view = describePlan(planMerge(here, other), other)
    this.#other = other
    this.#shown = view.conflicts.map(({ key }) => key)
    return view
  }

  /** @throws UnmaskError 'usage.invalid' | 'output.*' */
  async apply(choices: ReadonlyMap<string, MergeSide>): Promise<MergeDone> {
    const other = this.#other
    if (!other)
      throw new UnmaskError('usage.invalid', 'there is no plan of a merge; choose the other copy first')
    const { annotations } = this.#place()
    requireSighted(annotations)
    const here = await copyOf(this.#place())
    const plan = planMerge(here, other)
    const choose = (key: string) => choices.get(key)
    // Edits since the plan was made may have brought conflicts that nobody has seen.
    if (openConflicts(plan, choose).some((key) => !this.#shown.includes(key)))
      throw new UnmaskError(
        'usage.invalid',
        'something was changed here since the plan was made; choose the other copy again',
      )
    const settled = settlePlan(plan, here, choose, annotations.replicaId)
    await applyMerge(
      settled,
      {
        folder: annotations.folder,
        adoptStudy: (record) => annotations.adoptStudy(record),
        backUp: (clipId) => annotations.backUp(clipId),
        adopt: (clipId, changes, title) => annotations.adopt(clipId, changes, title),
      },
      `merge with ${other.name}`,
    )
    this.drop()
    return { ...settled.counts, clips: settled.clips.length, isStudyChanged: settled.isStudyChanged }
  }

  drop(): void {
    this.#other = null
    this.#shown = []
  }
}

async function copyOf({ project, annotations }: MergePlace): Promise<ProjectCopy> {
  const clips = new Map<string, ItemVersions>()
  for (const clipId of annotations.annotatedClipIds)
    clips.set(clipId, versionsOf(await annotations.documentOf(clipId)))
  return {
    folder: project.folder,
    name: project.file.name,
    ...annotations.studyRecord,
    recordings: await recordingsOf(project.folder, project.file, annotations.annotatedClipIds),
    clips,
    hasUnreadClips: annotations.hasUnreadClips,
    notices: [],
  }
}

/** A plan shows what others coded. @throws UnmaskError 'usage.invalid' */
function requireSighted(annotations: AnnotationSession): void {
  const observer = annotations.study.observers.find(({ id }) => id === annotations.observerId)
  if (!observer?.isBlind) return
  throw new UnmaskError(
    'usage.invalid',
    `${observer.name} codes blind, and a merge shows what others coded; let somebody who does not code blind do it`,
  )
}
