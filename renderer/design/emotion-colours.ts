/** The canonical emotions in their one order, as everywhere in this program. */
export const EMOTIONS = ['neutral', 'happiness', 'sadness', 'anger', 'fear', 'disgust', 'surprise'] as const

export type Emotion = (typeof EMOTIONS)[number]

/**
 * Seven colours that remain apart for the common kinds of colour blindness, after Okabe and Ito, Color Universal Design
 * (2008); grey for neutral, and their yellow left out because it does not show on white.
 */
export const DEFAULT_EMOTION_COLOURS: Readonly<Record<Emotion, string>> = {
  neutral: '#8b929d',
  happiness: '#e69f00',
  sadness: '#0072b2',
  anger: '#d55e00',
  fear: '#cc79a7',
  disgust: '#009e73',
  surprise: '#56b4e9',
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
