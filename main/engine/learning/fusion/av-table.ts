import { readFile } from 'node:fs/promises'
import { canonicalLabel } from '../../emotions'
import { UnmaskError } from '../../errors'
import { parseCsv } from '../../export/csv'
import { RAVDESS_LABELS } from '../data/ravdess'

const TABLE_CLASSES = ['neutral', 'calm', 'happy', 'sad', 'angry', 'fearful', 'disgust', 'surprised'] as const

/** Published models whose outputs the table holds, with the beginning of their columns' names. */
export const AV_MODELS = {
  'wav2vec speech': 'w2v_logit',
  'action units, bi-LSTM': 'au_bilstm_logit',
  'action units, static': 'au_static_logp',
} as const

export type AvModel = keyof typeof AV_MODELS

/** One audio-visual RAVDESS clip with the outputs of the published models. */
export interface AvClip {
  readonly name: string
  /** The last six fields of the name, shared with the clip's sound-only recording. */
  readonly key: string
  readonly actor: string
  /** Published fold; two of them together are the last of the four by actor. */
  readonly fold: string
  /** Index into RAVDESS_LABELS. */
  readonly label: number
  /** Logits or log-probabilities in the order of RAVDESS_LABELS. */
  readonly outputs: Readonly<Record<AvModel, readonly number[]>>
}

/** The last six of the seven fields of a RAVDESS name; the first says picture and sound or sound alone. */
export function ravdessKey(name: string): string {
  return name.split('-').slice(1).join('-')
}

/**
 * Reads the table of per-clip outputs of Luna-Jimenez et al. 2022.
 * @throws UnmaskError 'data.invalid' naming line, value and file; also where an actor stands in two folds
 */
export async function readAvTable(path: string): Promise<AvClip[]> {
  const [header = [], ...lines] = parseCsv(await readFile(path, 'utf8'))
  const column = (name: string): number => {
    const index = header.indexOf(name)
    if (index === -1) throw new UnmaskError('data.invalid', `line 1 lacks the column ${name} in ${path}`)
    return index
  }
  const [clipAt, foldAt, labelAt] = [column('clip'), column('fold'), column('label')]
  const models = (Object.keys(AV_MODELS) as AvModel[]).map((model) => ({
    model,
    columns: TABLE_CLASSES.map((name) => column(`${AV_MODELS[model]}_${name}`)),
  }))
  const foldOfActor = new Map<string, string>()
  return lines.map((cells, index) => {
    const fail = (what: string): never => {
      throw new UnmaskError('data.invalid', `line ${index + 2}: ${what} in ${path}`)
    }
    const name = cells[clipAt] ?? ''
    if (!/^\d\d(-\d\d){6}$/.test(name)) fail(`clip "${name}" is no RAVDESS name of seven numbers`)
    const canonical = canonicalLabel(cells[labelAt] ?? '')
    const label = RAVDESS_LABELS.findIndex((known) => known === canonical)
    if (label === -1) fail(`label "${cells[labelAt] ?? ''}" is none of ${TABLE_CLASSES.join(', ')}`)
    if (label !== Number(name.split('-')[2]) - 1)
      fail(`label "${cells[labelAt] ?? ''}" contradicts clip ${name}`)
    const actor = name.slice(-2)
    const fold = cells[foldAt] ?? ''
    const known = foldOfActor.get(actor) ?? fold
    if (known !== fold) fail(`actor ${actor} is in fold ${fold} and in fold ${known}`)
    foldOfActor.set(actor, fold)
    const outputs = Object.fromEntries(
      models.map(({ model, columns }) => [
        model,
        columns.map((at) => {
          const value = Number(cells[at])
          if (!cells[at] || !Number.isFinite(value))
            fail(`column ${header[at]} is "${cells[at] ?? ''}", no number`)
          return value
        }),
      ]),
    ) as Record<AvModel, number[]>
    return { name, key: ravdessKey(name), actor, fold, label, outputs }
  })
}
