import { EntraAuthError } from '../errors.ts'
import type { DecodedToken } from '../jwt/decode.ts'
import { looksSecret } from '../jwt/secret-claims.ts'
import { concealedToken } from '../ui/conceal.ts'
import type { Console } from '../ui/console.ts'
import { formatJson, plainStage } from '../ui/json.ts'
import { jsonObject } from '../ui/json-reader.ts'
import { utcText } from '../ui/time.ts'
import { tokenPage } from '../ui/token-page.ts'
import { tokenView } from '../ui/token-view.ts'
import type { CommandContext } from './command.ts'
import { readingOf } from './token-reading.ts'

const mostCharacters = 500_000

/**
 * `inspect --html FILE`: writes a page about a token for somebody else to open, without signature and secrets.
 * @throws EntraAuthError `file_unusable`, `invalid_arguments`
 */
export async function inspectHtml(
  original: DecodedToken,
  path: string,
  profileName: string | undefined,
  { host }: CommandContext,
  console: Console,
): Promise<void> {
  if (path === '-') {
    throw new EntraAuthError('invalid_arguments', '"-" is no file to write to', {
      hint: 'name one, such as --html token.html',
    })
  }
  if (original.json.payload.length + original.json.header.length > mostCharacters) {
    throw new EntraAuthError('general', 'a token of more than 500,000 characters is too large for a page', {
      hint: 'look at it with "entra-auth-cli inspect -o pretty"',
    })
  }
  const token = concealedToken(original, looksSecret)
  const reading = await readingOf(token, host, profileName)
  const view = tokenView(reading)
  const { header, payload } = token.json
  const json = jsonObject({ header, payload, signature: JSON.stringify('[left out]') })
  const page = tokenPage({
    view,
    status: reading.description.status,
    json: formatJson(json, plainStage),
    madeAt: utcText(reading.now),
    expiry: `Expires: ${view.times.find(({ label }) => label === 'Expires At')?.lines[0]?.text ?? 'unknown'}`,
  })
  await host.files.write(path, page)
  console.progressSuccess(`Page saved to ${path}`)
}
