import type { EntraCode } from '../entra-codes/entra-code.ts'
import { knownCodes, meaningOf } from '../entra-codes/index.ts'
import { knownNames, meaningOfName, type NamedMeanings } from '../entra-codes/named-errors.ts'
import { lookUpPage } from '../entra-errors.ts'
import { scan, type FoundCode, type Scan } from './scan.ts'

/** What one number or name means. Texts may hold foreign words: whoever shows them makes them safe. */
export interface Explanation {
  /** The number in `AADSTS7000215`; undefined for an error that has a name alone. */
  readonly code: number | undefined
  /** Microsoft's name of the number, or the name of the error, such as `invalid_grant`. */
  readonly name: string | undefined
  /** Whether the tables know it. Else the fact is what the text itself said, and nothing is guessed. */
  readonly known: boolean
  readonly fact: string
  readonly causes: readonly string[]
  readonly who: EntraCode['who'] | undefined
  readonly remedy: readonly string[]
  readonly link: string | undefined
}

/** All that can be said of a text. */
export interface Explained extends Omit<Scan, 'codes'> {
  /** One for each number, in the order of the text, then of the suberror; of the error where there is neither. */
  readonly explanations: readonly Explanation[]
}

const kinds: readonly NamedMeanings[] = ['device', 'specific', 'general', 'sub', 'msal']

/** Explains every error of Entra that a text names. Needs no network. @see scan for what it understands */
export function explain(text: string): Explained {
  const { codes, ...rest } = scan(text, {
    isCode: (code) => meaningOf(code) !== undefined,
    names: knownNames(),
  })
  const numbered = codes.map(explainCode)
  const bySuberror = explainName(rest.suberror, ['sub'])
  const told = bySuberror ? [...numbered, bySuberror] : numbered
  // A number says all that the error's name says, and more.
  const byError = told.length > 0 ? undefined : explainName(rest.error, kinds)
  return { ...rest, explanations: byError ? [byError] : told }
}

/** Every number there is, explained. */
export function explainAll(): readonly Explanation[] {
  return knownCodes().map((code) => explainCode({ code, sentence: '' }))
}

function explainCode({ code, sentence }: FoundCode): Explanation {
  const meaning = meaningOf(code)
  if (meaning)
    return { name: undefined, ...meaning, code, known: true, link: meaning.link ?? lookUpPage(code) }
  return {
    code,
    name: undefined,
    known: false,
    fact: sentence || 'nothing is known of this number here',
    causes: [],
    who: undefined,
    remedy: [`look it up at ${lookUpPage(code)}`],
    link: lookUpPage(code),
  }
}

function explainName(name: string | undefined, among: readonly NamedMeanings[]): Explanation | undefined {
  const meaning = meaningOfName(name, ...among)
  return meaning && { ...meaning, code: undefined, name, known: true, link: meaning.link }
}
