import { EntraAuthError } from '../errors.ts'
import type { EntraCode } from './entra-codes/entra-code.ts'
import { firstSentence } from './entra-codes/first-sentence.ts'
import { deviceCodeCodes } from './entra-codes/grants-device-code.ts'
import { meaningOf } from './entra-codes/index.ts'
import { meaningOfName, type NamedMeanings } from './entra-codes/named-errors.ts'

/**
 * An OAuth error answer of Entra as an error of ours: what it means, who must do what, and which command tells more.
 * Numbers that are not in the tables are told in Entra's own first sentence, never in a guess.
 * @param error the answer's `error` (RFC 6749, section 5.2)
 * @param description its `error_description`, foreign text
 * @param suberror its `suberror`, which counts where no number tells more
 */
export function entraRefusal(
  error: string,
  description: string,
  cause?: unknown,
  suberror?: string,
): EntraAuthError {
  const entraCode = entraCodeIn(description)
  // Of a device code that was declined or has expired, the name says more than one of its numbers.
  const isOfDeviceCode = entraCode !== undefined && Object.hasOwn(deviceCodeCodes, entraCode)
  const known =
    (isOfDeviceCode ? named(error, 'device') : undefined) ??
    numbered(entraCode) ??
    named(suberror, 'sub') ??
    named(error, 'specific')
  // Names such as invalid_grant say less than the sentence that comes with them.
  const general = named(error, 'general')
  const sentence = firstSentence(description) || general?.meaning.fact || 'Entra refused without a reason'
  const fact = `${known?.meaning.fact ?? sentence} (${entraCode === undefined ? error : `AADSTS${entraCode}`})`
  return new EntraAuthError(known?.meaning.code ?? 'authentication_failed', fact, {
    hint: hintOf(known, entraCode, general),
    entraCode,
    cause,
  })
}

/** A meaning, and the word by which `explain` finds it. */
interface Known {
  readonly subject: number | string
  readonly meaning: EntraCode
}

function numbered(code: number | undefined): Known | undefined {
  const meaning = code === undefined ? undefined : meaningOf(code)
  return code === undefined || !meaning ? undefined : { subject: code, meaning }
}

function named(name: string | undefined, kind: NamedMeanings): Known | undefined {
  const meaning = meaningOfName(name, kind)
  return name === undefined || !meaning ? undefined : { subject: name, meaning }
}

function hintOf(known: Known | undefined, entraCode: number | undefined, general: Known | undefined): string {
  if (known) return withMore(known.meaning, known.subject)
  if (entraCode !== undefined) return `the number is explained at ${lookUpPage(entraCode)}`
  return general ? withMore(general.meaning, general.subject) : 'add --verbose to see more'
}

/** The first step of a remedy, and the command that tells all of them. */
export function withMore({ remedy: [first = ''] }: EntraCode, subject: number | string): string {
  return `${first}; more: entra-auth-cli explain ${subject}`
}

/** The page on which Microsoft tells what it has to tell of a number. */
export function lookUpPage(code: number): string {
  return `https://login.microsoftonline.com/error?code=${code}`
}

/** The number in `AADSTS7000215: Invalid client secret …`. */
export function entraCodeIn(text: string): number | undefined {
  const [, digits] = /AADSTS(\d{4,9})/.exec(text) ?? []
  return digits === undefined ? undefined : Number(digits)
}
