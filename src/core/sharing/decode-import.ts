import { EntraAuthError } from '../../errors.ts'
import { ageFile, openAgeFile, type AgeFile } from './age.ts'
import { dotnetExportBytes, openDotnetExport } from './dotnet-export.ts'
import { largestImportBytes, unusable } from './read-import.ts'

/** Where the means to open a sealed import come from. */
export interface Keys {
  /** The next passphrase to try; undefined where there is none, or no more. */
  passphrase(isRetry: boolean): Promise<string | undefined>
  /** Private keys of age; undefined where none are given. */
  identities(): Promise<readonly string[] | undefined>
}

/** The JSON in an import, and whether it lay there for everybody to read. */
export interface DecodedImport {
  readonly text: string
  readonly wasSealed: boolean
}

/**
 * Finds the JSON in whatever is imported: plain, in age's format (armoured or not), or the older tool's encrypted export.
 * @throws EntraAuthError `file_unusable` for what is none of these, `invalid_arguments` for a key that is missing or wrong
 */
export async function decodeImport(content: Buffer, source: string, keys: Keys): Promise<DecodedImport> {
  if (content.length > largestImportBytes) {
    throw unusable(source, `it is larger than ${largestImportBytes / 1024 / 1024} MB`)
  }
  const age = await ageFile(content).catch(() => {
    throw unusable(source, 'it is a damaged file of age')
  })
  if (age) return { text: await opened(age, source, keys), wasSealed: true }

  const text = plainText(content, source)
  if (/^[{[]/.test(text)) return { text, wasSealed: false }
  const dotnet = dotnetExportBytes(text)
  if (dotnet) {
    const open = (passphrase: string) => openDotnetExport(dotnet, passphrase)
    return { text: await withPassphrase(open, source, keys), wasSealed: true }
  }
  throw unusable(source, 'it is neither JSON, nor a file of age, nor an export of the older tool')
}

async function opened(file: AgeFile, source: string, keys: Keys): Promise<string> {
  if (file.openedBy === 'nobody') throw unusable(source, 'its passphrase costs too much work to check')
  if (file.openedBy === 'passphrase') {
    return withPassphrase((passphrase) => openAgeFile(file, { passphrase }), source, keys)
  }
  const identities = await keys.identities()
  if (identities === undefined) {
    throw new EntraAuthError('invalid_arguments', `${source} is sealed for private keys of age`, {
      hint: 'add --identity with the file that holds yours',
    })
  }
  const text = await openAgeFile(file, { identities })
  if (text !== undefined) return text
  throw new EntraAuthError('invalid_arguments', `${source} is not sealed for this private key, or damaged`, {
    hint: 'ask whoever made it to add your public key, with "config export -r"',
  })
}

async function withPassphrase(
  open: (passphrase: string) => Promise<string | undefined>,
  source: string,
  keys: Keys,
): Promise<string> {
  for (let isRetry = false; ; isRetry = true) {
    const passphrase = await keys.passphrase(isRetry)
    if (passphrase === undefined) throw isRetry ? wrongPassphrase(source) : passphraseMissing(source)
    const text = await open(passphrase)
    if (text !== undefined) return text
  }
}

function wrongPassphrase(source: string): EntraAuthError {
  return new EntraAuthError('invalid_arguments', `the passphrase does not open ${source}, or it is damaged`, {
    hint: 'give the passphrase it was exported with; nothing was changed',
  })
}

function passphraseMissing(source: string): EntraAuthError {
  return new EntraAuthError('invalid_arguments', `${source} is sealed with a passphrase`, {
    hint: 'give it with --passphrase-file or ENTRA_AUTH_CLI_PASSPHRASE_EXPORT, as the first line of stdin beside -i, or run it in a terminal',
  })
}

/** Windows PowerShell writes redirected text as UTF-16. */
function plainText(content: Buffer, source: string): string {
  const isUtf16 = content[0] === 0xff && content[1] === 0xfe
  try {
    return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8', { fatal: true }).decode(content).trim()
  } catch {
    throw unusable(source, 'it is no text')
  }
}
