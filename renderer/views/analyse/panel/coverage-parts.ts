import { ROW_QUALITIES, type ViewerCoverage } from '../../../../preload/contract/viewer-port'
import { t } from '../../../strings'
import { qualityText } from '../stage/stage-texts'
import { lengthText, percentText } from '../time/time-text'

export interface CoveragePart {
  readonly key: string
  readonly text: string
  readonly value: string
  readonly share: number
  readonly kind: 'good' | 'plain' | 'empty' | 'bad'
}

const UNSURE = ['low_score', 'small_face', 'edge']

/** Where the time of the pictures went: with a usable face, or why not. */
export function faceParts({ faceSecs }: ViewerCoverage): CoveragePart[] {
  const secs = ROW_QUALITIES.map((quality) => faceSecs[quality] ?? 0)
  return parts(
    ROW_QUALITIES.map((quality, at) => ({
      key: quality,
      text: quality === 'ok' ? t('panel.coverageFace') : qualityText(quality),
      secs: secs[at] ?? 0,
      kind: quality === 'ok' ? 'good' : UNSURE.includes(quality) ? 'plain' : 'empty',
    })),
  )
}

/** Where the time of the sound went. */
export function voiceParts({
  speechSecs,
  silenceSecs,
  tooShortSecs,
  noAudioSecs,
}: ViewerCoverage): CoveragePart[] {
  return parts([
    { key: 'speech', text: t('panel.coverageSpeech'), secs: speechSecs, kind: 'good' },
    { key: 'too_short', text: t('panel.tooShort'), secs: tooShortSecs, kind: 'plain' },
    { key: 'silence', text: t('analyse.quality.silence'), secs: silenceSecs, kind: 'empty' },
    { key: 'no_audio', text: t('analyse.quality.no_audio'), secs: noAudioSecs, kind: 'empty' },
  ])
}

function parts(
  entries: readonly (Pick<CoveragePart, 'key' | 'text' | 'kind'> & { readonly secs: number })[],
): CoveragePart[] {
  const wholeSecs = entries.reduce((sum, { secs }) => sum + secs, 0)
  return entries
    .filter(({ secs, kind }) => secs > 0 || kind === 'good')
    .map(({ secs, ...entry }) => {
      const share = wholeSecs > 0 ? secs / wholeSecs : 0
      return { ...entry, share, value: `${lengthText(secs)} · ${percentText(share, share < 0.1 ? 1 : 0)}` }
    })
}
