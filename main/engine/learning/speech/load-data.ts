import { stat } from 'node:fs/promises'
import { MODEL_LABELS, type ModelLabel } from '../../emotions'
import { UnmaskError } from '../../errors'
import { listVoiceData } from '../data/open-data'
import { RAVDESS_LABELS } from '../data/ravdess'
import { recogniseData } from '../data/recognise'
import type { VoiceClip } from '../data/voice-clip'
import type { SpeechClip } from './clip-features'
import type { SpeechConfig } from './config'
import { decodeClip } from './decode-clip'
import { loadClipFeatures } from './feature-cache'
import { prepareSamples } from './prepare-samples'
import { SPEECH_FRONT_END } from './recipe'

export interface LoadSpeechDataOptions {
  readonly path: string
  readonly cacheFolder: string
  readonly config: SpeechConfig
  /** Of the model that training begins with: the data may have no others. Default: those of the data. */
  readonly labels?: readonly ModelLabel[]
  readonly signal?: AbortSignal
  readonly onMessage: (message: string) => void
}

export interface SpeechData {
  readonly isRavdess: boolean
  /** "RAVDESS speech" or "recordings of a manifest". */
  readonly name: string
  readonly labels: readonly ModelLabel[]
  readonly clips: readonly (SpeechClip & Pick<VoiceClip, 'split'>)[]
}

/** RAVDESS' order for its eight, so that a lab's model can be compared; further ones behind. */
const LABEL_ORDER: readonly ModelLabel[] = [
  ...RAVDESS_LABELS,
  ...MODEL_LABELS.filter((label) => !(RAVDESS_LABELS as readonly string[]).includes(label)),
]

const MESSAGE_EVERY = 100

/**
 * Labelled recordings with the features of all their versions, from the cache where they were computed before.
 * @throws UnmaskError 'data.invalid' for unknown labels, and as `listVoiceData`
 */
export async function loadSpeechData(options: LoadSpeechDataOptions): Promise<SpeechData> {
  const { path, config, signal, onMessage } = options
  const isRavdess = (await recogniseData(path)).kind === 'ravdess'
  const listed = await listVoiceData(path, { signal })
  const own = LABEL_ORDER.filter((label) => listed.some((clip) => clip.label === label))
  const labels = options.labels ?? own
  const unknown = own.filter((label) => !labels.includes(label))
  if (unknown.length > 0)
    throw new UnmaskError(
      'data.invalid',
      `${unknown.join(', ')} ${unknown.length === 1 ? 'is a label' : 'are labels'} that the model to start from does not know (${labels.join(', ')}); leave such clips out, or train without --from: ${path}`,
    )
  if (labels.length < 2)
    throw new UnmaskError(
      'data.invalid',
      `all ${listed.length} clips are ${labels.join()}; at least two labels are needed: ${path}`,
    )
  const features = await loadClipFeatures(listed, {
    cacheFolder: options.cacheFolder,
    parameters: SPEECH_FRONT_END,
    plan: config.copies,
    labels,
    decode: async (file) => {
      const { sampleRateHz } = SPEECH_FRONT_END
      return prepareSamples(await decodeClip(file, sampleRateHz, signal), sampleRateHz, config.copies)
    },
    fingerprint: async (file) => `${(await stat(file)).size}`,
    onClip: (done, total) => {
      if (done % MESSAGE_EVERY === 0 || done === total) onMessage(`features of ${done} of ${total} clips`)
    },
  })
  const silent = features.filter(({ copies }) => copies[0]!.speech.length === 0)
  if (silent.length > 0)
    onMessage(
      `no speech is found in ${silent.length} clips, which are left out: ${silent
        .slice(0, 5)
        .map(({ id }) => id)
        .join(', ')}`,
    )
  const clips = features.map((clip, index) => ({ ...clip, split: listed[index]!.split }))
  const name = isRavdess ? 'RAVDESS speech' : 'recordings of a manifest'
  return { isRavdess, name, labels, clips }
}

/** Clips that training can use. */
export function withSpeech<Clip extends SpeechClip>(clips: readonly Clip[]): Clip[] {
  return clips.filter(({ copies }) => copies[0]!.speech.length > 0)
}
