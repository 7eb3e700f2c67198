import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { throwIfAborted, UnmaskError } from '../../errors'
import { writeAtomic } from '../../export/atomic-file'
import type { Provenance } from '../training/run-folder'
import type { ClipCopy, SpeechClip } from './clip-features'
import type { SpeechConfig } from './config'
import { guardSplit, speakerFolds, splitAtRandom, splitByFold } from './folds'
import { type SpeechData, withSpeech } from './load-data'
import { predictCopies } from './predict-clips'
import { windowPlanOf } from './recipe'
import { memberFolder, memberHash, trainMember, type TrainMemberOptions } from './train-member'

/** What is predicted of each clip: as recorded, with noise of 10 dB, in a room. */
export const CONDITIONS = ['clean', 'noise', 'room'] as const
export type Condition = (typeof CONDITIONS)[number]

const copyOf: Record<Condition, (clip: SpeechClip) => ClipCopy> = {
  clean: ({ copies }) => copies[0]!,
  noise: ({ degraded }) => degraded[0]!,
  room: ({ degraded }) => degraded[1]!,
}

export type LogitRows = readonly (readonly number[])[]

/** Logits by condition, each in the order of the test clips. */
const foldSchema = z.object({
  hash: z.string(),
  ids: z.array(z.string()),
  trainSecs: z.number(),
  windowCounts: z.array(z.number()),
  clean: z.array(z.array(z.number())),
  noise: z.array(z.array(z.number())),
  room: z.array(z.array(z.number())),
})
export type FoldPredictions = z.infer<typeof foldSchema>

export interface CrossvalOptions {
  readonly config: SpeechConfig
  readonly data: SpeechData
  readonly seeds: readonly number[]
  readonly isRandomSplit: boolean
  readonly cacheFolder: string
  readonly provenance: Provenance
  readonly signal?: AbortSignal
  readonly onMessage: (message: string) => void
}

/** Out-of-fold predictions of one member with one seed, in the order of the data's clips. */
export interface MemberOutOfFold {
  readonly logits: Readonly<Record<Condition, LogitRows>>
  readonly trainSecs: number
}

export interface CrossvalRun {
  readonly seed: number
  /** In the order of config.members. */
  readonly members: readonly MemberOutOfFold[]
}

export interface CrossvalResult {
  /** Clips that were tested, in order. */
  readonly clips: readonly SpeechClip[]
  readonly folds: readonly (readonly string[])[] | null
  readonly withoutWindow: number
  readonly runs: readonly CrossvalRun[]
}

const FOLDS = 4

/**
 * Trains each member on all folds but one and predicts that one, for every seed. Finished folds are kept in files, and a
 * fold that was cut off goes on from its last epoch. The backend must be open.
 */
export async function crossvalSpeech(options: CrossvalOptions): Promise<CrossvalResult> {
  const { data, config, seeds, isRandomSplit } = options
  const folds = isRandomSplit ? null : speakerFolds(data.clips, data.isRavdess)
  const known = new Set(folds?.flat())
  const clips = data.clips.filter(({ speaker }) => !folds || known.has(speaker))
  const splits = Array.from({ length: FOLDS }, (_, fold) =>
    folds ? splitByFold(clips, fold, folds) : splitAtRandom(clips, fold, FOLDS),
  )
  for (const split of splits) guardSplit(split, isRandomSplit)
  const place = new Map(clips.map(({ id }, index) => [id, index]))
  const withoutWindow = new Set<string>()
  const runs: CrossvalRun[] = []
  for (const seed of seeds) {
    const members: MemberOutOfFold[] = []
    for (const member of config.members) {
      const logits: Record<Condition, number[][]> = { clean: [], noise: [], room: [] }
      let trainSecs = 0
      for (const [fold, split] of splits.entries()) {
        throwIfAborted(options.signal)
        const kind = isRandomSplit ? 'random' : 'fold'
        const run = {
          ...options,
          member,
          seed,
          labels: data.labels,
          name: `seed ${seed}, ${kind} ${fold + 1} of ${FOLDS}, ${member.name}`,
          runFolder: memberFolder(
            join(options.cacheFolder, 'crossval', `seed${seed}`, `${kind}${fold}`),
            member,
          ),
          isResumed: true,
        }
        const predicted = await foldPredictions(split, run)
        predicted.ids.forEach((id, index) => {
          for (const condition of CONDITIONS) logits[condition][place.get(id)!] = predicted[condition][index]!
          if (predicted.windowCounts[index] === 0) withoutWindow.add(id)
        })
        trainSecs += predicted.trainSecs
      }
      members.push({ logits, trainSecs })
    }
    runs.push({ seed, members })
  }
  return { clips, folds, withoutWindow: withoutWindow.size, runs }
}

async function foldPredictions(
  { train, test }: { readonly train: readonly SpeechClip[]; readonly test: readonly SpeechClip[] },
  run: TrainMemberOptions,
): Promise<FoldPredictions> {
  const file = join(run.runFolder, 'out-of-fold.json')
  const usable = withSpeech(train)
  const hash = memberHash(run, usable)
  const kept = await readFold(file)
  if (kept) {
    if (kept.hash === hash) return kept
    throw new UnmaskError(
      'data.invalid',
      `these predictions were made with another configuration or other data (${kept.hash}, this run is ${hash}); give another --cache folder, or delete the folder: ${run.runFolder}`,
    )
  }
  const { network, spec, curves } = await trainMember(usable, run)
  try {
    const predict = (condition: Condition) =>
      predictCopies(network, test.map(copyOf[condition]), {
        spec,
        plan: windowPlanOf(run.config),
        classes: run.labels.length,
      })
    const rows = (predictions: readonly { readonly logits: readonly number[] }[]) =>
      predictions.map(({ logits }) => logits.map((value) => Number(value.toFixed(LOGIT_DECIMALS))))
    const clean = await predict('clean')
    const predictions: FoldPredictions = {
      hash,
      ids: test.map(({ id }) => id),
      trainSecs: curves.reduce((sum, { secs }) => sum + secs, 0),
      windowCounts: clean.map(({ windowCount }) => windowCount),
      clean: rows(clean),
      noise: rows(await predict('noise')),
      room: rows(await predict('room')),
    }
    await writeAtomic(file, [JSON.stringify(predictions)])
    return predictions
  } finally {
    network.dispose()
  }
}

const LOGIT_DECIMALS = 4

async function readFold(file: string): Promise<FoldPredictions | null> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  return foldSchema.parse(JSON.parse(text))
}

/** The ensemble's logits: the weighted mean of its members', as in the engine. */
export function ensembleLogits(run: CrossvalRun, condition: Condition, config: SpeechConfig): number[][] {
  const total = config.members.reduce((sum, { weight }) => sum + weight, 0)
  return run.members[0]!.logits[condition].map((_, clip) =>
    run.members[0]!.logits[condition][clip]!.map((__, label) =>
      run.members.reduce(
        (sum, member, index) =>
          sum + (config.members[index]!.weight / total) * member.logits[condition][clip]![label]!,
        0,
      ),
    ),
  )
}
