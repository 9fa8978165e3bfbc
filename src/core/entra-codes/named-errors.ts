import type { EntraCode } from './entra-code.ts'
import { msalCodes } from './msal-codes.ts'
import {
  deviceErrors,
  generalErrors,
  specificErrors,
  subErrors,
  type NamedErrorTable,
} from './oauth-errors.ts'

/** How much an error's name alone says. */
export type NamedMeanings = 'device' | 'specific' | 'general' | 'sub' | 'msal'

const tables: Readonly<Record<NamedMeanings, NamedErrorTable>> = {
  device: deviceErrors,
  specific: specificErrors,
  general: generalErrors,
  sub: subErrors,
  msal: msalCodes,
}

/** What an error means by its name, such as `invalid_grant`, in the first of these tables that knows it. */
export function meaningOfName(
  name: string | undefined,
  ...kinds: readonly NamedMeanings[]
): EntraCode | undefined {
  if (name === undefined) return undefined
  const table = kinds.map((kind) => tables[kind]).find((candidate) => Object.hasOwn(candidate, name))
  return table?.[name]
}

/** Every name that has a meaning. */
export function knownNames(): readonly string[] {
  return [...new Set(Object.values(tables).flatMap((table) => Object.keys(table)))]
}
