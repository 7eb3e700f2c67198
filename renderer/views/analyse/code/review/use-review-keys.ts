import { onScopeDispose } from 'vue'
import type { IconName } from '../../../../components/icons'
import { useCommands } from '../../../../keys/command-bus'
import type { CommandId } from '../../../../keys/commands'
import { keyMap } from '../../../../keys/use-keys'
import { useCodingStore } from '../../../../stores/coding'
import { t } from '../../../../strings'

const COMMANDS = {
  agree: 'annotate.confirm',
  reject: 'annotate.reject',
  unclear: 'annotate.unclear',
  again: 'annotate.withdraw',
} as const satisfies Readonly<Record<string, CommandId>>

export type DecisionName = keyof typeof COMMANDS

/** What can be decided about an entry, with its key. */
export interface Decision {
  readonly name: DecisionName
  readonly label: string
  readonly icon: IconName
  /** Undefined: it has none. */
  readonly chord: string | undefined
}

const decision = (name: DecisionName, label: string, icon: IconName): Decision => ({
  name,
  label,
  icon,
  chord: keyMap.value.chords(COMMANDS[name])[0],
})

/** What can be decided about a moment. @param isDecided it can be opened again */
export const momentDecisions = (isDecided: boolean): readonly Decision[] => [
  decision('agree', t('review.agree'), 'check'),
  decision('reject', t('review.reject'), 'close'),
  decision('unclear', t('review.unclear'), 'question'),
  ...(isDecided ? [decision('again', t('review.again'), 'undo')] : []),
]

/** What can be decided about a proposal of the model. */
export const proposalDecisions = (isDecided: boolean): readonly Decision[] => [
  decision('agree', t('review.confirm'), 'check'),
  decision('reject', t('review.reject'), 'close'),
  ...(isDecided ? [decision('again', t('review.again'), 'undo')] : []),
]

export interface ReviewKeyActions {
  decide(name: DecisionName): void
  relabel(codeId: string): void
  go(by: 1 | -1): void
  /** To the next that is open. */
  advance(): void
  play(): void
}

/**
 * One key each while the queue is open: the commands of corrections act on what is looked at, and a code's own key relabels instead of
 * coding, unless it is a key that decides.
 */
export function useReviewKeys(actions: ReviewKeyActions): void {
  const coding = useCodingStore()
  useCommands({
    [COMMANDS.agree]: () => actions.decide('agree'),
    [COMMANDS.reject]: () => actions.decide('reject'),
    [COMMANDS.unclear]: () => actions.decide('unclear'),
    [COMMANDS.again]: () => actions.decide('again'),
    'annotate.nextProposal': () => actions.go(1),
    'annotate.previousProposal': () => actions.go(-1),
    'annotate.nextReview': actions.advance,
    'annotate.playSelection': actions.play,
  })
  const decides = (key: string | null): boolean =>
    Object.values(COMMANDS).some((command) => keyMap.value.chords(command).includes(key ?? ''))
  onScopeDispose(
    coding.takeCodeKeys(({ id, key, kind }) => {
      if (kind !== 'state' || decides(key)) return false
      actions.relabel(id)
      return true
    }),
  )
}
