import type { CheckName, TokenCheck } from '../jwt/check.ts'
import type { TokenValidation } from '../jwt/validate.ts'
import type { Paint, Style } from './colour.ts'
import { safeText } from './safe-text.ts'
import { isoSeconds } from './time.ts'

const marks: Readonly<Record<TokenCheck['status'], readonly [mark: string, style: Style]>> = {
  passed: ['✓', 'green'],
  failed: ['✗', 'red'],
  not_applicable: ['-', 'dim'],
}

/** By which flag a check is asked for that nobody asked for. */
const flags: Readonly<Partial<Record<CheckName, string>>> = {
  issuer: '--issuer',
  tenant: '--tenant',
  audience: '--audience',
  scope: '--scope',
  role: '--role',
  app: '--app',
  identity_type: '--app-only or --delegated',
  version: '--token-version',
  client_authentication: '--client-auth',
}

interface Layout {
  /** Of the terminal, at which sentences are broken between words; undefined breaks none. */
  readonly width: number | undefined
  readonly paint: Paint
}

/** What came out of checking a token, for people: a line a check, below it what that means for an API, then the verdict. */
export function validationReport(validation: TokenValidation, layout: Layout): string {
  const labelWidth = Math.max(...validation.checks.map(({ name }) => name.length))
  const lines = validation.checks.flatMap((check) => checkLines(check, labelWidth, layout))
  return [...lines, '', verdictLine(validation, layout.paint)].join('\n')
}

function checkLines(check: TokenCheck, labelWidth: number, { width, paint }: Layout): readonly string[] {
  const [mark, style] = marks[check.status]
  const label = check.name.replaceAll('_', ' ').padEnd(labelWidth)
  const indent = ' '.repeat(labelWidth + 3)
  const room = width === undefined ? undefined : Math.max(width - indent.length, 30)
  const flag = check.status === 'not_applicable' ? flags[check.name] : undefined
  const [first = '', ...others] = broken(safeText(check.reason + (flag ? ` (${flag})` : '')), room)
  const shown = (line: string) => (check.status === 'not_applicable' ? paint('dim', line) : line)
  const meaning = check.meaning === undefined ? [] : broken(safeText(check.meaning), room && room - 2)
  return [
    `${paint(style, mark)} ${label} ${shown(first)}`,
    ...others.map((line) => indent + shown(line)),
    ...meaning.map((line, index) => `${indent}${index === 0 ? paint('cyan', '→') : ' '} ${line}`),
  ]
}

function broken(text: string, width: number | undefined): readonly string[] {
  if (width === undefined) return [text]
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

function verdictLine({ verdict, checks }: TokenValidation, paint: Paint): string {
  switch (verdict) {
    case 'valid':
      return paint('green', 'Valid.')
    case 'unverifiable':
      return `${paint('yellow', 'Cannot be verified.')} Nothing speaks against it, but its signature is for its own API alone to check.`
    case 'invalid': {
      const names = checks
        .filter(({ status }) => status === 'failed')
        .map(({ name }) => name.replaceAll('_', ' '))
      return `${paint('red', 'Not valid:')} ${names.join(', ')}.`
    }
  }
}

/**
 * The object that `validate -o json` prints. Every name is always there; null stands for what the token does not say.
 * What stands in `token` is the token's own word, to be believed where `valid` is true.
 */
export interface ValidationSummary {
  readonly valid: boolean
  readonly verdict: TokenValidation['verdict']
  readonly checks: readonly {
    readonly name: CheckName
    readonly status: TokenCheck['status']
    readonly reason: string
    readonly meaning: string | null
  }[]
  readonly token: {
    readonly type: string
    readonly version: string | null
    readonly algorithm: string | null
    readonly key_id: string | null
    readonly issuer: string | null
    readonly tenant_id: string | null
    readonly audience: string | readonly string[] | null
    readonly application_id: string | null
    readonly scopes: readonly string[]
    readonly roles: readonly string[]
    readonly expires_at: string | null
    readonly expires_in: number | null
  }
}

export function validationSummary({ valid, verdict, checks, ...facts }: TokenValidation): ValidationSummary {
  const { header } = facts.token
  const { description } = facts
  return {
    valid,
    verdict,
    checks: checks.map(({ meaning = null, ...check }) => ({ ...check, meaning })),
    token: {
      type: description.kind,
      version: description.version ?? null,
      algorithm: text(header['alg']),
      key_id: text(header['kid']),
      issuer: description.issuer ?? null,
      tenant_id: description.tenantId ?? null,
      audience: description.audience ?? null,
      application_id: description.applicationId ?? null,
      scopes: description.scopes,
      roles: description.roles,
      expires_at: description.expiresAt ? isoSeconds(description.expiresAt) : null,
      expires_in: description.expiresInSeconds ?? null,
    },
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
