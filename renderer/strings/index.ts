import { agreement } from './en/agreement'
import { analyse } from './en/analyse'
import { annotate } from './en/annotate'
import { batch } from './en/batch'
import { coding } from './en/coding'
import { interchange } from './en/interchange'
import { keys } from './en/keys'
import { lanes } from './en/lanes'
import { library } from './en/library'
import { live } from './en/live'
import { merging } from './en/merging'
import { models } from './en/models'
import { reviewRate } from './en/review-rate'
import { settings } from './en/settings'
import { shell } from './en/shell'
import { study } from './en/study'
import { timeline } from './en/timeline'

/** A text, or one for each plural form that the language has; `{name}` is filled in from the parameters. */
export type Message = string | { readonly one?: string; readonly other: string }

/** English is the source: every other language is a record of the same keys. */
export const english = {
  ...agreement,
  ...shell,
  ...keys,
  ...settings,
  ...models,
  ...analyse,
  ...timeline,
  ...library,
  ...batch,
  ...live,
  ...study,
  ...merging,
  ...coding,
  ...reviewRate,
  ...annotate,
  ...lanes,
  ...interchange,
} satisfies Record<string, Message>

export type StringKey = keyof typeof english
export type Catalogue = Readonly<Record<StringKey, Message>>
export type Params = Readonly<Record<string, string | number>>

let catalogue: Catalogue = english
let language = 'en'

/** Languages are added here, one catalogue each. */
export function setLanguage(code: string, messages: Catalogue): void {
  language = code
  catalogue = messages
}

export function currentLanguage(): string {
  return language
}

/** The text of a key. `count` chooses the plural form. */
export function t(key: StringKey, params: Params = {}): string {
  const message: Message = catalogue[key]
  return fillIn(typeof message === 'string' ? message : pluralForm(message, params['count']), params)
}

function pluralForm(message: Exclude<Message, string>, count: string | number | undefined): string {
  const form = new Intl.PluralRules(language).select(Number(count ?? 0))
  return form === 'one' ? (message.one ?? message.other) : message.other
}

function fillIn(text: string, params: Params): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = params[name]
    return value === undefined ? whole : typeof value === 'number' ? value.toLocaleString(language) : value
  })
}
