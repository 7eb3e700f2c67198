import type { Code, SegmentItem, Subject } from '../../../../../preload/contract/annotation'
import type { IconName } from '../../../../components/icons'
import { formatTime } from '../../../../plots/time-ticks'
import { useAnnotationStore } from '../../../../stores/annotation'
import { useStudyStore } from '../../../../stores/study'
import { t } from '../../../../strings'
import { barWords } from './bar-words'
import type { LaneTarget } from './lane-target'
import type { ShownTier } from './tier-lanes'
import type { useLaneActions } from './use-lane-actions'

export interface LaneMenuEntry {
  readonly id: string
  readonly text: string
  readonly icon?: IconName
  /** Of a code. */
  readonly colour?: string
  /** The key that codes it. */
  readonly key?: string | null
  readonly isDisabled?: boolean
  readonly isDanger?: boolean
  readonly run: () => void
}

export interface LaneMenuModel {
  readonly title: string
  readonly hint: string
  readonly groups: readonly {
    readonly title: string
    /** In two columns. */
    readonly isGrid: boolean
    readonly entries: readonly LaneMenuEntry[]
  }[]
  /** A line to write; null: there is nothing to write about. */
  readonly note: {
    readonly label: string
    readonly text: string
    readonly save: (text: string) => void
  } | null
}

type Actions = ReturnType<typeof useLaneActions>
type Group = LaneMenuModel['groups'][number]

/** Makes the menu of what lies under the pointer. */
export function useLaneMenu(actions: Actions): {
  menuOf(
    target: LaneTarget,
    tier: Pick<ShownTier, 'subjectId' | 'kind' | 'set' | 'isOwn'> | null,
  ): LaneMenuModel
} {
  const annotation = useAnnotationStore()
  const studies = useStudyStore()

  function menuOf(
    target: LaneTarget,
    tier: Parameters<ReturnType<typeof useLaneMenu>['menuOf']>[1],
  ): LaneMenuModel {
    const { bar } = target
    const title = bar ? titleOf(bar) : formatTime(target.secs, 3)
    const playing = bar
      ? [group([{ id: 'play', text: t('lanes.menu.play'), icon: 'loop', run: () => actions.play(target) }])]
      : []
    if (!annotation.canEdit)
      return {
        title,
        hint: studies.readOnlyReason ?? t('lanes.menu.noObserver'),
        groups: playing,
        note: null,
      }
    const proposal = actions.proposalOf(target)
    const groups = proposal
      ? proposalGroups(target)
      : target.item?.kind === 'segment'
        ? segmentGroups(target, target.item)
        : target.item
          ? otherGroups(target)
          : bar
            ? finalGroups(target)
            : emptyGroups(target, tier)
    return {
      title,
      hint: '',
      groups: [...groups.slice(0, 1), ...playing, ...groups.slice(1)].filter(
        ({ entries }) => entries.length > 0,
      ),
      note: noteOf(target),
    }
  }

  const codesOf = (kind: Code['kind']): readonly Code[] =>
    studies.study?.scheme.codes.filter((code) => code.kind === kind) ?? []

  function codeGroup(heading: string, codes: readonly Code[], run: (code: Code) => void): Group {
    return {
      title: heading,
      isGrid: true,
      entries: codes.map((code) => ({
        id: `code:${code.id}`,
        text: code.name,
        colour: code.colour,
        key: code.key,
        run: () => run(code),
      })),
    }
  }

  function proposalGroups(target: LaneTarget): Group[] {
    const proposal = actions.proposalOf(target)
    if (!proposal) return []
    const isDecided = actions.isDecided(proposal, studies.observerId ?? '')
    return [
      group([
        { id: 'confirm', text: t('lanes.menu.confirm'), icon: 'check', run: () => actions.confirm(proposal) },
        { id: 'reject', text: t('lanes.menu.reject'), icon: 'close', run: () => actions.reject(proposal) },
        ...(isDecided
          ? [
              {
                id: 'withdraw',
                text: t('lanes.menu.withdraw'),
                icon: 'retry' as const,
                run: () => actions.withdraw(proposal),
              },
            ]
          : []),
      ]),
      codeGroup(t('lanes.menu.relabel'), codesOf('state'), (code) =>
        actions.relabelProposal(proposal, code.id),
      ),
      group(timeEntries(target)),
    ]
  }

  function segmentGroups(target: LaneTarget, item: SegmentItem): Group[] {
    const ids = annotation.selection.has(item.id) ? [...annotation.selection] : [item.id]
    if (!target.isEditable) return [group(copyEntries(ids, item)), group(timeEntries(target))]
    const isPoint = item.startSecs === item.endSecs
    const fromModel = ids.filter((id) => {
      const one = annotation.byId.get(id)
      return one?.kind === 'segment' && one.orig !== null
    })
    const deciding: LaneMenuEntry[] =
      fromModel.length === 0
        ? []
        : [
            {
              id: 'confirm',
              text: t('lanes.menu.confirm'),
              icon: 'check',
              run: () => actions.confirmItems(fromModel),
            },
            {
              id: 'reject',
              text: t('lanes.menu.reject'),
              icon: 'close',
              run: () => actions.rejectItems(fromModel),
            },
          ]
    const shaping: LaneMenuEntry[] = isPoint
      ? []
      : [
          {
            id: 'split',
            text: t('lanes.menu.split'),
            icon: 'split',
            isDisabled: target.secs <= item.startSecs || target.secs >= item.endSecs,
            run: () => actions.split(ids, target.secs),
          },
          { id: 'merge', text: t('lanes.menu.merge'), icon: 'merge', run: () => actions.merge(ids) },
        ]
    return [
      group(deciding),
      codeGroup(t('lanes.menu.relabel'), codesOf(isPoint ? 'point' : 'state'), (code) =>
        actions.relabel(ids, code.id),
      ),
      group([...shaping, ...copyEntries(ids, item)]),
      group(timeEntries(target)),
      group([deleteEntry(ids)]),
    ]
  }

  /** To other subjects' tiers; of others' segments, also to one's own of the same subject. */
  function copyEntries(ids: readonly string[], item: SegmentItem): LaneMenuEntry[] {
    const isOwn = item.observerId === studies.observerId
    const whole: Pick<Subject, 'id' | 'name'> = { id: '', name: t('lanes.menu.wholeClip') }
    const subjects = [whole, ...(studies.study?.subjects ?? [])]
    if (!isOwn && subjects.length === 1)
      return [
        {
          id: 'copy',
          text: t('lanes.menu.copy'),
          icon: 'copy',
          run: () => actions.copyTo(ids, item.subjectId),
        },
      ]
    return subjects
      .filter(({ id }) => !isOwn || id !== item.subjectId)
      .map(({ id, name }) => ({
        id: `copy:${id}`,
        text: `${t('lanes.menu.copyTo')} ${name}`,
        icon: 'copy',
        run: () => actions.copyTo(ids, id),
      }))
  }

  function finalGroups(target: LaneTarget): Group[] {
    const { subjectId } = annotation
    return [
      group([
        {
          id: 'copy',
          text: t('lanes.menu.copy'),
          icon: 'copy',
          run: () => actions.takeOver(target, subjectId),
        },
      ]),
      group(timeEntries(target)),
    ]
  }

  function otherGroups({ item, isEditable }: LaneTarget): Group[] {
    return isEditable && item ? [group([deleteEntry([item.id])])] : []
  }

  function emptyGroups(target: LaneTarget, tier: Parameters<typeof menuOf>[1]): Group[] {
    if (!tier?.isOwn) return []
    const codes = codesOf(tier.kind).filter(({ set }) => tier.kind === 'point' || set === tier.set)
    return [
      codeGroup(t('lanes.menu.createHere'), codes, (code) =>
        actions.createHere(code.id, tier.subjectId, target),
      ),
    ]
  }

  function timeEntries(target: LaneTarget): LaneMenuEntry[] {
    if (!target.bar || target.bar.startSecs === target.bar.endSecs) return []
    return [
      { id: 'exclude', text: t('lanes.menu.exclude'), run: () => actions.exclude(target) },
      { id: 'baseline', text: t('lanes.menu.baseline'), run: () => actions.baseline(target) },
    ]
  }

  function deleteEntry(ids: readonly string[]): LaneMenuEntry {
    return {
      id: 'delete',
      text: t('lanes.menu.delete', { count: ids.length }),
      icon: 'trash',
      isDanger: true,
      run: () => actions.remove(ids),
    }
  }

  function noteOf(target: LaneTarget): LaneMenuModel['note'] {
    const { item, isEditable, secs, bar } = target
    if (item?.kind === 'segment' && isEditable)
      return {
        label: t('lanes.menu.segmentComment'),
        text: item.comment,
        save: (text) => actions.setComment(item.id, text),
      }
    if (item?.kind === 'comment')
      return isEditable
        ? {
            label: t('lanes.menu.commentText'),
            text: item.text,
            save: (text) => actions.rewriteComment(item.id, text),
          }
        : null
    const atSecs = bar ? bar.startSecs : secs
    return {
      label: t('lanes.menu.comment'),
      text: '',
      save: (text) => {
        if (text !== '') actions.comment(atSecs, text)
      },
    }
  }

  return { menuOf }
}

function group(entries: readonly LaneMenuEntry[]): Group {
  return { title: '', isGrid: false, entries }
}

function titleOf(bar: NonNullable<LaneTarget['bar']>): string {
  const from = formatTime(bar.startSecs, 3)
  if (bar.startSecs === bar.endSecs) return `${barWords(bar)}  ${from}`
  return `${barWords(bar)}  ${from}–${formatTime(bar.endSecs, 3)}`
}
