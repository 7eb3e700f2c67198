/** The canonical emotions in their one order, as everywhere in this program. */
export const EMOTIONS = ['neutral', 'happiness', 'sadness', 'anger', 'fear', 'disgust', 'surprise'] as const

export type Emotion = (typeof EMOTIONS)[number]

/**
 * Seven colours that remain apart for readers with any of the three dichromacies: the least CIE L*a*b* distance of a pair,
 * seen through the matrices of Machado, Oliveira and Fernandes (IEEE TVCG 15(6), 2009), is above 27. Found by a search within the
 * hues that people expect. The better-known palette of Okabe and Ito fails here: beside its purple there is no room for a grey.
 */
export const DEFAULT_EMOTION_COLOURS: Readonly<Record<Emotion, string>> = {
  neutral: '#a4aab2',
  happiness: '#f2b008',
  sadness: '#1257de',
  anger: '#b94a05',
  fear: '#8f398b',
  disgust: '#0f6a48',
  surprise: '#38b4f7',
}

/** Black or white, whichever is easier to read on the colour (WCAG 2.2 relative luminance). */
export function textOn(colour: string): '#000000' | '#ffffff' {
  const luminance = relativeLuminance(colour)
  return (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) ? '#000000' : '#ffffff'
}

/** WCAG 2.2 relative luminance of `#rrggbb`, 0..1. */
export function relativeLuminance(colour: string): number {
  const channels = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
  const [red = 0, green = 0, blue = 0] = channels.map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  )
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
