/** Text for XML 1.0, safe inside elements and quoted attributes; characters XML cannot hold become U+FFFD. */
export function xmlText(text: string): string {
  let safe = ''
  for (const char of text) safe += isAllowed(char.codePointAt(0) ?? 0) ? (ENTITIES[char] ?? char) : '\uFFFD'
  return safe
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // Written as references, since parsers turn the characters themselves into spaces inside attributes.
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}

/** The Char production of XML 1.0. */
function isAllowed(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd
  return code <= 0xd7ff || (code >= 0xe000 && code <= 0xfffd) || code >= 0x10000
}

export type Attributes = Readonly<Record<string, string | number | undefined>>

/** One element; content is already XML. Attributes that are undefined are left out. */
export function element(name: string, attributes: Attributes, content?: string): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${xmlText(String(value))}"`)
    .join('')
  return content === undefined ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`
}
