import type { ModelLabel } from '../../emotions'

/** One labelled recording of one voice; the sound stays in its file. */
export interface VoiceClip {
  readonly path: string
  /** What a person finds the clip by: its file name without ending, or its path in the manifest. Unique in a list. */
  readonly id: string
  readonly label: ModelLabel
  /** Who speaks ("01" in RAVDESS); "" where the data set does not say. */
  readonly speaker: string
  /** Part of the data set, null where the data set has none. */
  readonly split: string | null
}
