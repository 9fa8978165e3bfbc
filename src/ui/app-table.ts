import type { Application } from '../core/graph/application.ts'
import { credentialsText } from './app-credentials.ts'
import type { Paint } from './colour.ts'
import { safeText } from './safe-text.ts'

interface TableOptions {
  readonly now: Date
  /** Of the terminal; undefined cuts nothing. */
  readonly width: number | undefined
  readonly paint: Paint
}

const leastName = 12
const gap = '  '

/** App registrations as an aligned table. Where it is too wide, names are cut: the client id is there to be copied. */
export function appTable(applications: readonly Application[], { now, width, paint }: TableOptions): string {
  const rows = applications.map((application) => [
    safeText(application.displayName),
    safeText(application.appId),
    credentialsText(application.credentials, now),
    signInText(application),
  ])
  const titles = ['NAME', 'CLIENT ID', 'CREDENTIALS', 'SIGN-IN']
  const widths = titles.map((title, index) =>
    Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)),
  )
  const others = widths.slice(1).reduce((sum, one) => sum + gap.length + one, 0)
  const nameWidth =
    width === undefined ? (widths[0] ?? 0) : Math.min(widths[0] ?? 0, Math.max(leastName, width - others))
  const line = ([name = '', ...cells]: readonly string[]) =>
    [
      cut(name, nameWidth).padEnd(nameWidth),
      ...cells.map((cell, index) => cell.padEnd(widths[index + 1] ?? 0)),
    ]
      .join(gap)
      .trimEnd()
  return [paint('bold', line(titles)), ...rows.map((row) => line(row))].join('\n')
}

/** How a person may sign in to it from a command line, if at all. */
function signInText({ isPublicClient, redirectUris }: Application): string {
  const ways = [
    redirectUris.publicClient.length > 0 ? 'desktop' : undefined,
    redirectUris.web.length > 0 ? 'web' : undefined,
    redirectUris.spa.length > 0 ? 'spa' : undefined,
    isPublicClient ? 'code' : undefined,
  ].filter((way) => way !== undefined)
  return ways.length === 0 ? '-' : ways.join(' ')
}

function cut(text: string, width: number): string {
  const characters = Array.from(text)
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}…`
}
