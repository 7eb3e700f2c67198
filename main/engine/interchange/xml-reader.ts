import { UnmaskError } from '../errors'

/**
 * A small strict reader of XML 1.0 for files of strangers: elements, attributes, text, CDATA, comments and processing
 * instructions. Document types and with them own entities are refused, so that a file of a kilobyte cannot become a gigabyte
 * or name other files. Depth and the number of nodes are limited.
 */

export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  /** Text directly inside, joined. */
  readonly text: string
}

interface OpenElement extends XmlElement {
  readonly children: XmlElement[]
  text: string
}

const MAX_DEPTH = 64
const MAX_ELEMENTS = 5_000_000
const NAME = /[\p{L}_:][\p{L}\p{N}\p{M}_:.·-]*/uy
const SPACE = /[ \t\r\n]*/y
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** @throws UnmaskError 'data.invalid' with the line at which the text stops being XML that is read here */
export function parseXml(source: string): XmlElement {
  return new Reader(source).document()
}

class Reader {
  readonly #source: string
  #at = 0
  #elements = 0

  constructor(source: string) {
    this.#source = source.startsWith('\uFEFF') ? source.slice(1) : source
  }

  document(): XmlElement {
    const open: OpenElement[] = []
    let root: XmlElement | null = null
    for (;;) {
      const from = this.#at
      const next = this.#source.indexOf('<', from)
      const text = this.#source.slice(from, next < 0 ? undefined : next)
      const parent = open.at(-1)
      if (parent) parent.text += this.#decoded(text, from)
      else if (text.trim() !== '') throw this.#fault('text outside of the root element', from)
      if (next < 0) break
      this.#at = next
      if (this.#takes('<!--')) this.#skipPast('-->', 'a comment')
      else if (this.#takes('<?')) this.#skipPast('?>', 'a processing instruction')
      else if (this.#takes('<![CDATA[')) {
        if (!parent) throw this.#fault('CDATA outside of the root element')
        const start = this.#at
        this.#skipPast(']]>', 'a CDATA section')
        parent.text += lineEnds(this.#source.slice(start, this.#at - 3))
      } else if (this.#takes('<!'))
        throw this.#fault('a document type or entity declaration, which is not read for safety')
      else if (this.#takes('</')) {
        const name = this.#name()
        this.#space()
        this.#need('>')
        if (parent?.name !== name) throw this.#fault(`</${name}> where </${parent?.name ?? ''}> belongs`)
        open.pop()
      } else {
        const { element, isEmpty } = this.#startTag()
        if (parent) parent.children.push(element)
        else if (root) throw this.#fault('a second root element')
        root ??= element
        if (!isEmpty) open.push(element)
        if (open.length > MAX_DEPTH) throw this.#fault(`elements more than ${MAX_DEPTH} deep`)
      }
    }
    const unclosed = open.at(-1)
    if (unclosed) throw this.#fault(`the end inside <${unclosed.name}>; the file is cut off`)
    if (!root) throw this.#fault('no element; this is no XML')
    return root
  }

  #startTag(): { element: OpenElement; isEmpty: boolean } {
    this.#need('<')
    if (++this.#elements > MAX_ELEMENTS) throw this.#fault(`more than ${MAX_ELEMENTS} elements`)
    const name = this.#name()
    // Without a prototype: "constructor" is a name like any other.
    const attributes: Record<string, string> = Object.create(null) as Record<string, string>
    for (;;) {
      const before = this.#at
      this.#space()
      if (this.#takes('/>')) return { element: { name, attributes, children: [], text: '' }, isEmpty: true }
      if (this.#takes('>')) return { element: { name, attributes, children: [], text: '' }, isEmpty: false }
      if (this.#at === before) throw this.#fault(`something else than a space or an attribute in <${name}>`)
      const key = this.#name()
      this.#space()
      this.#need('=')
      this.#space()
      const quote = this.#takes('"') ? '"' : "'"
      if (quote === "'") this.#need("'")
      const from = this.#at
      this.#skipPast(quote, `the attribute ${key}`)
      const raw = this.#source.slice(from, this.#at - 1)
      if (raw.includes('<')) throw this.#fault(`a "<" in the attribute ${key}`)
      if (key in attributes) throw this.#fault(`the attribute ${key} twice`)
      attributes[key] = this.#decoded(raw.replace(/\r\n|[\t\r\n]/g, ' '), from)
    }
  }

  /** Text with its references replaced; line ends as XML has them. */
  #decoded(raw: string, from: number): string {
    const text = lineEnds(raw)
    if (!text.includes('&')) return text
    return text.replace(/&(#x[0-9a-f]{1,8}|#\d{1,8}|[^;&<]{0,40});?/gi, (whole, body: string) => {
      const found = whole.endsWith(';') ? reference(body) : null
      if (found === null)
        throw this.#fault(`"${whole.slice(0, 40)}", which is none of the five entities nor a character`, from)
      return found
    })
  }

  #name(): string {
    NAME.lastIndex = this.#at
    const name = NAME.exec(this.#source)?.[0]
    if (name === undefined) throw this.#fault('something that is no name')
    this.#at += name.length
    return name
  }

  #space(): void {
    SPACE.lastIndex = this.#at
    this.#at += SPACE.exec(this.#source)?.[0].length ?? 0
  }

  #takes(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false
    this.#at += text.length
    return true
  }

  #need(text: string): void {
    if (!this.#takes(text)) throw this.#fault(`something else where "${text}" belongs`)
  }

  #skipPast(text: string, what: string): void {
    const end = this.#source.indexOf(text, this.#at)
    if (end < 0) throw this.#fault(`no end of ${what}; the file is cut off`)
    this.#at = end + text.length
  }

  #fault(found: string, at = this.#at): UnmaskError {
    const line = this.#source.slice(0, at).split('\n').length
    return new UnmaskError('data.invalid', `line ${line} of the XML has ${found}`)
  }
}

const lineEnds = (text: string): string => (text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text)

function reference(body: string): string | null {
  if (!body.startsWith('#')) return Object.hasOwn(ENTITIES, body) ? (ENTITIES[body] ?? null) : null
  const code = /^#x/i.test(body) ? parseInt(body.slice(2), 16) : parseInt(body.slice(1), 10)
  const isChar = code === 9 || code === 10 || code === 13 || (code >= 0x20 && code <= 0xd7ff) || isHigh(code)
  return isChar ? String.fromCodePoint(code) : null
}

function isHigh(code: number): boolean {
  return (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff)
}
