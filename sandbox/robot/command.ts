import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { seedPassword } from '../seed.ts'
import { RobotStuck, signIn } from './sign-in.ts'

export interface RobotIo {
  stdout(text: string): void
  stderr(text: string): void
  readonly signal?: AbortSignal
  /** Where the sandbox keeps its `ca.pem` when it is not told. */
  readonly defaultFolder: string
  /** The proxy that HTTPS to a URL goes through, if any. */
  readonly proxyFor?: (url: string) => string | undefined
}

const defaultUser = 'alice@contoso.com'
/** The sandbox takes any six digits that are not zeros. */
const defaultOtp = '123456'

const usage = `usage: entra-auth-cli sandbox sign-in URL [options]

Signs in to the sandbox at URL in place of a person with a browser, for scripts and CI:
  BROWSER="entra-auth-cli sandbox sign-in" entra-auth-cli get-token -p desktop

  --user NAME       who signs in (default ${defaultUser})
  --password TEXT   their password (default: that of the sandbox's users)
  --otp CODE        the answer to a second factor (default ${defaultOtp})
  --code USER-CODE  the code of a device sign-in, with the address of the device page
  --cancel          refuse consent
  --ca-file PEM     the sandbox's authority (default: ca.pem in its folder)
`

/**
 * The command line of the robot. Prints nothing when all went well.
 * @returns the exit code: 0 done, 2 the sign-in failed, 4 arguments, 5 network, 130 interrupted
 */
export async function runRobot(argv: readonly string[], io: RobotIo): Promise<number> {
  const call = parse(argv)
  if ('complaint' in call) return fail(io, 4, call.complaint, 'see "entra-auth-cli sandbox sign-in --help"')
  const { help, url, caFile = join(io.defaultFolder, 'ca.pem'), ...person } = call
  if (help) {
    io.stdout(usage)
    return 0
  }
  const ca = await readFile(caFile, 'utf8').catch(() => undefined)
  if (ca === undefined)
    return fail(
      io,
      4,
      `cannot read "${caFile}"`,
      'start "entra-auth-cli sandbox", or name its ca.pem by --ca-file',
    )
  try {
    await signIn(url, { ...person, ca, proxy: io.proxyFor?.(url), signal: io.signal })
    return 0
  } catch (error) {
    if (io.signal?.aborted) return 130
    const fact = error instanceof Error ? error.message : String(error)
    if (error instanceof RobotStuck) return fail(io, 2, fact)
    return fail(
      io,
      5,
      `cannot reach the sandbox: ${fact}`,
      'is "entra-auth-cli sandbox" running, and is this its ca.pem',
    )
  }
}

interface Call {
  readonly help: boolean
  readonly url: string
  readonly caFile: string | undefined
  readonly username: string
  readonly password: string
  readonly otp: string
  readonly userCode: string | undefined
  readonly consent: 'accept' | 'cancel'
}

function parse(argv: readonly string[]): Call | { readonly complaint: string } {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        user: { type: 'string' },
        password: { type: 'string' },
        otp: { type: 'string' },
        code: { type: 'string' },
        cancel: { type: 'boolean' },
        'ca-file': { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    const [url = '', ...others] = positionals
    const help = values.help ?? false
    if (!help && others.length > 0) return { complaint: `unexpected argument "${others[0]}"` }
    if (!help && !(URL.canParse(url) && new URL(url).protocol === 'https:'))
      return { complaint: url === '' ? 'no URL given' : `"${url}" is not an https URL` }
    return {
      help,
      url,
      caFile: values['ca-file'],
      username: values.user ?? defaultUser,
      password: values.password ?? seedPassword,
      otp: values.otp ?? defaultOtp,
      userCode: values.code,
      consent: values.cancel ? 'cancel' : 'accept',
    }
  } catch (error) {
    // parseArgs explains itself in sentences, of which the first is the fact.
    const [fact = ''] = (error instanceof Error ? error.message : String(error)).split('. ')
    return { complaint: fact.charAt(0).toLowerCase() + fact.slice(1) }
  }
}

function fail(io: RobotIo, exitCode: number, fact: string, hint?: string): number {
  io.stderr(`error: ${fact}\n`)
  if (hint !== undefined) io.stderr(`hint: ${hint}\n`)
  return exitCode
}
