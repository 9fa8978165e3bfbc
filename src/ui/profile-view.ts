import type { Paint } from './colour.ts'
import { safeText } from './safe-text.ts'
import { utcText } from './time.ts'

/** A profile as it is shown: what it says, what follows from it, and why it cannot be used where it cannot. */
export interface ProfileView {
  readonly name: string
  readonly tenantId?: string
  readonly clientId?: string
  readonly scopes?: readonly string[]
  readonly scope?: string
  readonly flow?: string
  /** One word; `none` where a person signs in. */
  readonly authMethod?: string
  readonly useClientSecret?: boolean
  readonly authority?: string
  /** Where it is not the one that goes with the authority. */
  readonly graphUrl?: string
  readonly certificatePath?: string
  readonly privateKeyPath?: string
  readonly certificateEnv?: string
  readonly clientSecretEnv?: string
  readonly clientSecretFile?: string
  readonly clientSecretCommand?: string
  /** Which one, in words. */
  readonly managedIdentity?: string
  /** Where the assertion comes from, in words. */
  readonly assertion?: string
  readonly redirectUri?: string
  readonly caFile?: string
  readonly clientCapabilities?: readonly string[]
  readonly updatedAt?: string
  /** What the certificate says of itself; only where somebody looked into its file. */
  readonly certificate?: CertificateView
  /** Only where it cannot be used. */
  readonly problem?: string
}

export interface CertificateView {
  readonly subject: string
  readonly issuer: string
  /** In upper-case hex, as the Entra portal shows it; so is the other. */
  readonly thumbprintSha1: string
  readonly thumbprintSha256: string
  /** ISO 8601; so is the other. */
  readonly notBefore: string
  readonly notAfter: string
  /** Where its dates want attention. */
  readonly warning: string | undefined
}

/** One profile as labelled lines. */
export function profileText(view: ProfileView): string {
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['Profile', view.name],
    ['Tenant ID', view.tenantId],
    ['Client ID', view.clientId],
    ['Auth Method', methodText(view)],
    ['Certificate', view.certificatePath],
    ['Private key', view.privateKeyPath],
    ['Certificate in variable', view.certificateEnv],
    ['Subject', view.certificate?.subject],
    ['SHA-1 thumbprint', view.certificate?.thumbprintSha1],
    ['SHA-256 thumbprint', view.certificate?.thumbprintSha256],
    ['Valid', view.certificate && validity(view.certificate)],
    ['Secret in variable', view.clientSecretEnv],
    ['Secret in file', view.clientSecretFile],
    ['Secret from command', view.clientSecretCommand],
    ['Managed identity', view.managedIdentity],
    ['Assertion from', view.assertion],
    ['Default Scopes', view.scope],
    ['Flow', view.flow],
    ['Authority', view.authority],
    ['Graph URL', view.graphUrl],
    ['Redirect URI', view.redirectUri],
    ['CA file', view.caFile],
    ['Client capabilities', view.clientCapabilities?.join(' ')],
    ['Updated', updatedText(view)],
    ['Warning', view.certificate?.warning],
    ['Problem', view.problem],
  ]
  return lines
    .flatMap(([label, value]) => (value === undefined ? [] : `${label}: ${safeText(value)}`))
    .join('\n')
}

function methodText({ authMethod }: ProfileView): string | undefined {
  return authMethod === 'none' ? 'none (a person signs in)' : authMethod
}

function validity({ notBefore, notAfter }: CertificateView): string {
  return `${utcText(new Date(notBefore))} to ${utcText(new Date(notAfter))}`
}

/** People edit the file: what is no time is shown as it stands. */
function updatedText({ updatedAt }: ProfileView): string | undefined {
  const written = new Date(updatedAt ?? Number.NaN)
  return Number.isNaN(written.getTime()) ? updatedAt : utcText(written)
}

/**
 * All profiles as an aligned table.
 * @param options.width of the terminal; longer lines are cut there, for a table that wraps is none
 */
export function profileTable(
  views: readonly ProfileView[],
  {
    verbose,
    width,
    paint,
  }: { readonly verbose: boolean; readonly width: number | undefined; readonly paint: Paint },
): string {
  const columns: readonly (readonly [string, (view: ProfileView) => string | undefined])[] = [
    ['NAME', (view) => view.name],
    ['FLOW', (view) => (view.problem === undefined ? view.flow : 'cannot be used')],
    ['TENANT ID', (view) => view.tenantId],
    ['CLIENT ID', (view) => view.clientId],
    ...(verbose
      ? ([
          ['CREDENTIAL', methodText],
          ['SCOPES', (view: ProfileView) => view.scope],
          ['AUTHORITY', (view: ProfileView) => view.authority],
          ['UPDATED', updatedText],
        ] as const)
      : []),
  ]
  const rows = views.map((view) => columns.map(([, cell]) => safeText(cell(view) ?? '-')))
  const widths = columns.map(([title], index) =>
    Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) => {
    const text = cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd()
    return width === undefined || text.length <= width ? text : `${text.slice(0, width - 1)}…`
  }
  return [paint('bold', line(columns.map(([title]) => title))), ...rows.map(line)].join('\n')
}
