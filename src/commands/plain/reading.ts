import type { PlainHost } from '../../core/ports.ts'
import { decodeToJson, decodeToken } from '../../jwt/decode.ts'
import { describeToken } from '../../jwt/describe.ts'
import { tokenInText } from '../../jwt/token-text.ts'
import { wantsColour } from '../../ui/colour.ts'
import { formatJson, plainStage } from '../../ui/json.ts'
import { jsonOfToken } from '../../ui/token-json.ts'
import { summaryOf } from '../../ui/token-summary.ts'
import { isTenantWord } from '../tenant-word.ts'
import { textOf } from '../token-source.ts'
import type { PlainCommand } from './answer.ts'
import { readPlainWords, type PlainWords } from './words.ts'

/** `inspect` of a token that is given as a word or lies ready in a pipe, to JSON. */
export const plainInspect: PlainCommand = async (words, host) => {
  const plain = readPlainWords(words, {
    switches: { '--claims': 'claims', '--header': 'header', '-q': 'silent', '--silent': 'silent' },
    valued,
  })
  const token = plain && tokenFor(plain, host)
  if (token === undefined || !isJsonWanted(plain)) return undefined
  const [claims, header] = [plain?.switches.has('claims'), plain?.switches.has('header')]
  if (claims && header) return undefined
  const part = claims ? 'claims' : header ? 'header' : 'whole'
  return { text: `${formatJson(jsonOfToken(decodeToJson(token), part), plainStage)}\n`, exitCode: 0 }
}

/** `discover` of such a token: to JSON, or by its exit code alone. */
export const plainDiscover: PlainCommand = async (words, host) => {
  const plain = readPlainWords(words, {
    switches: { '--json': 'json', '-q': 'quiet', '--quiet': 'quiet' },
    valued,
  })
  // A tenant in -t is where app registrations are looked for.
  if (plain?.values.get('token')?.some((word) => isTenantWord(word.trim()))) return undefined
  const token = plain && tokenFor(plain, host)
  if (token === undefined || !isJsonWanted(plain)) return undefined
  const description = describeToken(decodeToken(token), host.now())
  const summary = formatJson(JSON.stringify(summaryOf(description, undefined)), plainStage)
  return {
    text: plain?.switches.has('quiet') ? '' : `${summary}\n`,
    exitCode: description.status === 'valid' ? 0 : 1,
  }
}

const valued = { '-t': 'token', '--token': 'token', '-o': 'output', '--output': 'output' }

function isJsonWanted(plain: PlainWords | undefined): boolean {
  return plain?.values.get('output')?.every((format) => format === 'json') ?? true
}

/** The token, where it is at hand and its reading is for a program; undefined also where there is none, or are two. */
function tokenFor({ values, others }: PlainWords, { terminal, env }: PlainHost): string | undefined {
  if (terminal.stdout.isTerminal || wantsColour(env, false)) return undefined
  const given = [...others, ...(values.get('token') ?? [])]
  if (given.length > 1) return undefined
  const text = given[0] ?? readyText(terminal)
  return (text && tokenInText(text)) || undefined
}

function readyText({ stdin }: PlainHost['terminal']): string | undefined {
  const { bytes, isEverything } = stdin.ready()
  return isEverything ? textOf(bytes) : undefined
}
