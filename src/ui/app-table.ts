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

/** Below that a name says little, and the last column is left away to make room. */
const enoughOfName = 24
const leastOfName = 10
const gap = '  '

/** App registrations as an aligned table. Where it is too wide, names are cut: the client id is there to be copied. */
export function appTable(applications: readonly Application[], { now, width, paint }: TableOptions): string {
  const rows = [
    ['NAME', 'CLIENT ID', 'CREDENTIALS', 'SIGN-IN'],
    ...applications.map((application) => [
      safeText(application.displayName),
      safeText(application.appId),
      credentialsText(application.credentials, now),
      signInText(application),
    ]),
  ]
  const whole = layoutOf(rows, width)
  const isTight = whole.nameWidth < Math.min(enoughOfName, whole.longestName)
  const shown = isTight ? rows.map((row) => row.slice(0, -1)) : rows
  const { nameWidth, widths } = layoutOf(shown, width)
  const [title = '', ...lines] = shown.map(([name = '', ...cells]) =>
    [
      cut(name, nameWidth).padEnd(nameWidth),
      ...cells.map((cell, index) => cell.padEnd(widths[index + 1] ?? 0)),
    ]
      .join(gap)
      .trimEnd(),
  )
  return [paint('bold', title), ...lines].join('\n')
}

/** How wide the columns are, and how much of the names there is room for. */
function layoutOf(rows: readonly (readonly string[])[], width: number | undefined) {
  const widths = (rows[0] ?? []).map((_title, index) =>
    Math.max(...rows.map((row) => row[index]?.length ?? 0)),
  )
  const [longestName = 0, ...others] = widths
  const room = (width ?? Number.POSITIVE_INFINITY) - others.reduce((sum, one) => sum + gap.length + one, 0)
  return { widths, longestName, nameWidth: Math.min(longestName, Math.max(leastOfName, room)) }
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
