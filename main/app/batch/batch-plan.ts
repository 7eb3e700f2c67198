import { isDeepStrictEqual } from 'node:util'
import type { BatchChoices, BatchDifference } from '../../../preload/contract/batch'
import type { LabelOptions } from '../../engine/batch/clip-job'
import { type JournalEntry, readJournal } from '../../engine/batch/journal'
import { type Mixture, mixtures } from '../../engine/batch/resume'
import type { BatchIdentity } from '../../engine/batch/run-batch'
import { toFault, UnmaskError } from '../../engine/errors'
import { findNamedModel, modelFingerprint } from '../../engine/inference/model-choice'
import type { AnalysisSettingsInput } from '../../engine/timeline/settings'
import { type LabelWish, planHost, planSettings, shareCores } from '../../host/label-plan'
import type { HostConfig } from '../../host/protocol'

/** Everything a batch is made with, but for the backend, which only a host knows. */
export interface BatchPlan {
  readonly choices: BatchChoices
  readonly options: LabelOptions
  readonly host: HostConfig
  readonly identity: Omit<BatchIdentity, 'backend'>
}

/** How a plan goes with the results that are there. */
export type Comparison =
  | { readonly kind: 'same'; readonly onExisting: 'resume' | 'force' }
  | {
      readonly kind: 'differs'
      readonly differences: readonly BatchDifference[]
      /** The plan that goes on as the results were made. */
      readonly keep:
        { readonly ok: true; readonly plan: BatchPlan } | { readonly ok: false; readonly reason: string }
    }

export interface BatchPlannerOptions {
  readonly modelsFolder: string
  /** What chooseModel() takes for an id: models may lie elsewhere, too. */
  readonly wanted?: (id: string) => Promise<string>
  readonly appVersion: string
  readonly resultsFolder: string
  /** Settings beside the choices: smoothing, thresholds and the like. */
  readonly settings: () => AnalysisSettingsInput
}

type BatchEntry = Extract<JournalEntry, { type: 'batch' }>

/** Turns choices into a plan, and compares it with what the results folder was made with. */
export class BatchPlanner {
  readonly #options: BatchPlannerOptions

  constructor(options: BatchPlannerOptions) {
    this.#options = options
  }

  readonly share = shareCores

  /** @throws UnmaskError naming what cannot be had */
  async plan(choices: BatchChoices): Promise<BatchPlan> {
    const { faceModel, speechModel } = choices
    const wish: LabelWish = {
      modelsFolder: this.#options.modelsFolder,
      ...(faceModel !== null && { faceModel: await this.#wanted(faceModel) }),
      ...(speechModel !== null && { speechModel: await this.#wanted(speechModel) }),
      backend: choices.backend,
      detector: choices.detector,
      modalities: choices.modalities,
      framesPerSec: choices.framesPerSec,
      windowSecs: choices.windowSecs,
      hopSecs: choices.hopSecs,
      fusionMethod: choices.fusionMethod,
      settings: this.#options.settings(),
    }
    const settings = await planSettings(wish)
    return this.#withHost(choices, { settings, exports: { ...choices.exports } }, wish)
  }

  /** @param doneCount labelled clips; without any there is nothing that could be mixed with */
  async compare(plan: BatchPlan, doneCount: number): Promise<Comparison> {
    const entry = await this.#latestBatch()
    if (!entry) return { kind: 'same', onExisting: 'resume' }
    // The backend is not known yet, and is compared when it is.
    const identity = { ...plan.identity, backend: entry.backend }
    const found = mixtures(entry, { options: plan.options, identity })
    if (found.length === 0) return { kind: 'same', onExisting: 'resume' }
    if (doneCount === 0) return { kind: 'same', onExisting: 'force' }
    return { kind: 'differs', differences: found.map(wording), keep: await this.#keep(plan, entry) }
  }

  /**
   * The last thing to know before a batch goes on with the results of an earlier one.
   * @throws UnmaskError 'usage.invalid' where they were made on another backend
   */
  async requireSameBackend(identity: BatchIdentity, onExisting: 'resume' | 'force'): Promise<void> {
    if (onExisting === 'force') return
    const entry = await this.#latestBatch()
    if (!entry || entry.backend === identity.backend) return
    throw new UnmaskError(
      'usage.invalid',
      `the results there were made on ${entry.backend}, now it is ${identity.backend}: ` +
        'choose that backend in the options, or a new project',
    )
  }

  async #keep(plan: BatchPlan, entry: BatchEntry): Promise<Extract<Comparison, { kind: 'differs' }>['keep']> {
    if (entry.appVersion !== this.#options.appVersion)
      return {
        ok: false,
        reason: `They were made by Unmask ${entry.appVersion}, this is ${this.#options.appVersion}`,
      }
    try {
      return { ok: true, plan: await this.#planOf(entry, plan.choices) }
    } catch (error) {
      return { ok: false, reason: toFault(error).message }
    }
  }

  /** @throws UnmaskError where a model of that time is no longer there, or is another one now */
  async #planOf(entry: BatchEntry, choices: BatchChoices): Promise<BatchPlan> {
    const { settings } = entry.options
    const { detector, ...models } = entry.models
    const chosen: { face?: string; speech?: string } = {}
    for (const [id, fingerprint] of Object.entries(models)) {
      const { card } = await findNamedModel(this.#options.modelsFolder, await this.#wanted(id))
      if (modelFingerprint(card) !== fingerprint)
        throw new UnmaskError('model.not-found', `The model ${id} has changed since they were made`)
      chosen[card.task === 'face-emotion' ? 'face' : 'speech'] = id
    }
    const kept: BatchChoices = {
      ...choices,
      modalities: [...settings.modalities],
      framesPerSec: settings.framesPerSec,
      windowSecs: settings.speech.windowSecs,
      hopSecs: settings.speech.hopSecs,
      fusionMethod: settings.fusion.method,
      exports: { ...entry.options.exports },
      detector: detector === 'ssd' ? 'ssd' : detector === 'tiny' ? 'tiny' : choices.detector,
      faceModel: chosen.face ?? choices.faceModel,
      speechModel: chosen.speech ?? choices.speechModel,
    }
    const wish: LabelWish = {
      modelsFolder: this.#options.modelsFolder,
      backend: kept.backend,
      detector: kept.detector,
      ...(chosen.face !== undefined && { faceModel: await this.#wanted(chosen.face) }),
      ...(chosen.speech !== undefined && { speechModel: await this.#wanted(chosen.speech) }),
    }
    return this.#withHost(kept, entry.options, wish)
  }

  #wanted(id: string): Promise<string> {
    return this.#options.wanted?.(id) ?? Promise.resolve(id)
  }

  async #withHost(choices: BatchChoices, options: LabelOptions, wish: LabelWish): Promise<BatchPlan> {
    const { appVersion } = this.#options
    const { host, fingerprints } = await planHost(wish, options.settings, appVersion)
    return { choices, options, host, identity: { appVersion, models: fingerprints } }
  }

  async #latestBatch(): Promise<BatchEntry | null> {
    const entries = (await readJournal(this.#options.resultsFolder)) ?? []
    return entries.findLast((entry) => entry.type === 'batch') ?? null
  }
}

/** Names of the contract for what mixtures() calls by words. */
const NAMES: Readonly<Record<string, string>> = {
  'version of Unmask': 'version',
  'export options': 'exports',
}

function wording({ name, before, now }: Mixture): BatchDifference {
  const [was, is] = isRecord(before) && isRecord(now) ? onlyDifferent(before, now) : [before, now]
  return { name: NAMES[name] ?? name.replace(/^setting /, ''), before: brief(was), now: brief(is) }
}

type Parts = Readonly<Record<string, unknown>>

function isRecord(value: unknown): value is Parts {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What two sets of parameters have in common says nothing. */
function onlyDifferent(before: Parts, now: Parts): [Parts, Parts] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter(
    (key) => !isDeepStrictEqual(before[key], now[key]),
  )
  const pick = (parts: Parts) =>
    Object.fromEntries(keys.filter((key) => key in parts).map((key) => [key, parts[key]]))
  return [pick(before), pick(now)]
}

/** Checksums and long lists are for files, not for people: the names of the parts will do. */
function brief(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ')
  if (!isRecord(value)) return String(value)
  const isShort = (part: unknown) =>
    typeof part === 'number' || (typeof part === 'string' && part.length < 24)
  return Object.entries(value)
    .filter(([, part]) => part !== false)
    .map(([key, part]) => (isShort(part) ? `${key} ${String(part)}` : key))
    .join(', ')
}
