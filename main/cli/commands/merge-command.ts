import { join, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import type { Study } from '../../../preload/contract/annotation'
import type { MergeConflict, MergePlanView, MergeVersion } from '../../../preload/contract/merging'
import { ClipStore } from '../../engine/annotation/clip-store'
import { newReplicaId } from '../../engine/annotation/clocks'
import { ANNOTATIONS_FOLDER } from '../../engine/annotation/paths'
import { writeStudy } from '../../engine/annotation/study-file'
import { UnmaskError } from '../../engine/errors'
import { makeFolder } from '../../engine/export/make-folder'
import { applyMerge, type MergeTarget } from '../../engine/merging/apply-merge'
import { describePlan } from '../../engine/merging/describe-merge'
import type { Side } from '../../engine/merging/merge-items'
import { openConflicts, planMerge, settlePlan } from '../../engine/merging/plan-merge'
import { readCopy } from '../../engine/merging/read-copy'
import { Project } from '../../engine/project/project'
import { visible } from '../views/visible'

interface MergeFlags {
  readonly dryRun?: boolean
  readonly prefer?: Side
  readonly json?: boolean
}

const EXAMPLES = `
What only one copy changed is taken. What both changed, and bouts that would overlap in one tier, are conflicts: they are
listed, and nothing is merged while one is open. The other copy is only read; a backup of what changes is kept in
PROJECT/annotations/backups.

Examples:
  unmask merge study ../usb/study --dry-run          what would come, and the conflicts
  unmask merge study ../usb/study                    merge, where nothing is in conflict
  unmask merge study ../usb/study --prefer there     every conflict as it is in the other copy`

/** Adds `unmask merge PROJECT OTHER`. */
export function addMergeCommand(program: Command): void {
  program
    .command('merge')
    .description('bring the annotations of another copy of a project into this one, without losing any')
    .argument('<project>', 'folder of the project that takes the other in')
    .argument('<other>', 'folder of the other copy')
    .option('--dry-run', 'say what would be merged, and change nothing')
    .addOption(
      new Option(
        '--prefer <side>',
        'decide all conflicts alike; of clips whose recordings differ, "here" leaves the other copy\'s annotations out',
      ).choices(['here', 'there']),
    )
    .option('--json', 'the plan as JSON')
    .addHelpText('after', EXAMPLES)
    .action((folder: string, other: string, flags: MergeFlags) =>
      merge(resolve(folder), resolve(other), flags),
    )
}

async function merge(
  folder: string,
  otherFolder: string,
  { dryRun, prefer, json }: MergeFlags,
): Promise<void> {
  if (folder === otherFolder)
    throw new UnmaskError(
      'usage.invalid',
      `both are the same folder; name two copies of a project: ${folder}`,
    )
  const write = (text: string) => process.stdout.write(text)
  const other = await readCopy(otherFolder)
  // Opening takes the lock, and is refused while the window has the project open. A look needs none.
  const project = dryRun ? null : await Project.open(folder)
  try {
    const here = await readCopy(folder)
    const plan = planMerge(here, other)
    const view = describePlan(plan, other)
    write(json ? `${JSON.stringify(view, null, 2)}\n` : planText(view))
    if (dryRun || view.isNothingNew) return
    const choices = () => prefer
    const open = openConflicts(plan, choices)
    if (open.length > 0)
      throw new UnmaskError(
        'usage.invalid',
        `${open.length} conflict(s) are open, so nothing was merged; decide them in the window (Study, Merge another copy), ` +
          'or all alike with --prefer here or --prefer there',
      )
    const replicaId = newReplicaId()
    const settled = settlePlan(plan, here, choices, replicaId)
    await applyMerge(
      settled,
      await targetIn(folder, replicaId, settled.study?.study ?? here.study),
      `merge with ${other.name}`,
    )
    const { added, changed, removed } = settled.counts
    if (!json)
      write(
        `merged: ${added} added, ${changed} changed, ${removed} removed in ${settled.clips.length} clip(s)` +
          `${settled.isStudyChanged ? '; the study was changed' : ''}\n`,
      )
  } finally {
    await project?.close()
  }
}

/** Writes as the window does; each clip is open only for its own edit. */
async function targetIn(projectFolder: string, replicaId: string, study: Study): Promise<MergeTarget> {
  const folder = join(projectFolder, ANNOTATIONS_FOLDER)
  await makeFolder(folder)
  const using = async (clipId: string, work: (store: ClipStore) => Promise<void>): Promise<void> => {
    const store = await ClipStore.open({ folder, clipId, replicaId })
    try {
      await work(store)
    } finally {
      await store.close()
    }
  }
  return {
    folder,
    adoptStudy: (record) => writeStudy(folder, record.study, record.history),
    backUp: (clipId) => using(clipId, (store) => store.backUp()),
    adopt: (clipId, changes, title) => using(clipId, (store) => store.adopt(changes, title, study)),
  }
}

function planText(view: MergePlanView): string {
  const lines = [`from ${view.otherName} (${view.otherPlace})`]
  if (view.isNothingNew) lines.push('  nothing is there that is not here')
  for (const { clip, added, changed, removed, conflicts } of view.clips)
    lines.push(`  ${clip}: ${added} added, ${changed} changed, ${removed} removed, ${conflicts} conflict(s)`)
  if (view.added.length > 0) lines.push(`  comes to the study: ${view.added.join(', ')}`)
  if (view.changed.length > 0) lines.push(`  changed in the study: ${view.changed.join(', ')}`)
  if (view.removed.length > 0) lines.push(`  taken out of the study: ${view.removed.join(', ')}`)
  if (view.mapped.length > 0) lines.push(`  taken for one, by name: ${view.mapped.join(', ')}`)
  for (const note of [...view.notes, ...view.notices]) lines.push(`  ${note}`)
  for (const { clip, items } of view.onlyThere)
    lines.push(
      `  ${clip} is not in this project: its ${items} annotation(s) stay there; add the clip and merge again`,
    )
  for (const conflict of view.conflicts) lines.push(...conflictLines(conflict))
  // What copies hold is shown, never obeyed by the terminal.
  return lines.map((line) => `${visible(line)}\n`).join('')
}

const REASONS: Readonly<Record<MergeConflict['reason'], string>> = {
  'both-changed': 'changed in both copies',
  'removed-or-changed': 'taken out in one copy, changed in the other',
  overlap: 'both cannot stand together',
  'same-history': 'two versions with one history',
  study: 'not the same in both copies',
  recording: 'not the same recording',
}

function conflictLines({ clip, place, reason, here, there }: MergeConflict): string[] {
  return [
    `  conflict: ${[clip, place].filter((part) => part !== '').join(', ')}: ${REASONS[reason]}`,
    ...sideLines('here ', here),
    ...sideLines('there', there),
  ]
}

function sideLines(side: string, versions: readonly MergeVersion[]): string[] {
  if (versions.length === 0) return [`    ${side}  nothing`]
  return versions.map((version) => `    ${side}  ${versionText(version)}`)
}

function versionText({ what, startSecs, endSecs, note, observer, editedAt }: MergeVersion): string {
  const times = [startSecs, endSecs].map((secs) => (secs === null ? '' : `${secs.toFixed(3)} s`))
  const by = [observer, editedAt].filter((part) => part !== '').join(' ')
  return [what, times.filter((part) => part !== '').join(' to '), note, by ? `(${by})` : '']
    .filter((part) => part !== '')
    .join('  ')
}
