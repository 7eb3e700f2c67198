/**
 * Text for a terminal or a log, in one line: file names may hold line ends, and escape sequences that a terminal would
 * obey.
 */
export function visible(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    const code = character.charCodeAt(0).toString(16)
    return character.charCodeAt(0) < 256 ? `\\x${code.padStart(2, '0')}` : `\\u${code}`
  })
}
