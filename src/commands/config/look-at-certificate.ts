import { certificateWarning } from '../../core/certificates/certificate-warning.ts'
import { lookAtCertificate, readCertificate } from '../../core/certificates/read-certificate.ts'
import { ambientPasswordVariable, readCertificateContent } from '../../core/client-certificate.ts'
import { withDeadline } from '../../core/deadline.ts'
import type { CertificateSource } from '../../core/profiles/profile.ts'
import { EntraAuthError } from '../../errors.ts'
import type { Console } from '../../ui/console.ts'
import type { CommandContext } from '../command.ts'
import { secretPatience } from '../stdin.ts'

/**
 * Opens a certificate that was named by flags before a profile is written with it, so that a wrong path or password
 * shows now and not at three in the morning. What may be made good later is only told: a password that nobody gave, a
 * variable that is not set here, dates.
 * @param password the one that was given, if any
 * @throws EntraAuthError `invalid_arguments` where a file is not there or unusable, or the password does not open it
 */
export async function lookAtGivenCertificate(
  source: CertificateSource,
  password: string | undefined,
  { host, signal }: Pick<CommandContext, 'host' | 'signal'>,
  console: Pick<Console, 'say' | 'warn'>,
): Promise<void> {
  const { env } = host
  if (source.from === 'environment' && !env[source.variable]) {
    return console.say(`${source.variable} is not set here, so the certificate in it was not looked at.`)
  }
  const { content, reading, seen } = await asArgument(async () => {
    const content = await withDeadline(
      signal,
      secretPatience,
      'the certificate was not read in time',
      (over) => readCertificateContent(source, host, over),
    )
    const reading = await readCertificate(content, password ?? (env[ambientPasswordVariable] || undefined))
    return {
      content,
      reading,
      seen: reading.kind === 'read' ? reading.credential : await lookAtCertificate(content),
    }
  })
  const { certificatePath: path } = content
  if (reading.kind === 'password-wrong' && password !== undefined) {
    throw new EntraAuthError('invalid_arguments', `the certificate password given does not open "${path}"`, {
      hint: 'nothing was written; give the right one, or none to be asked when it is needed',
    })
  }
  const warning = seen && certificateWarning(seen, host.now())
  if (warning !== undefined) console.warn(warning)
  if (reading.kind === 'read') return
  if (reading.kind === 'password-wrong') {
    console.warn(`the certificate password in ${ambientPasswordVariable} does not open "${path}"`)
  }
  console.say(
    `"${path}" needs a password, and none is kept: give --certificate-password -, or set ${ambientPasswordVariable} where it is used.`,
  )
}

/** Here it is no profile that is wrong, but what was asked for. */
async function asArgument<T>(look: () => Promise<T>): Promise<T> {
  try {
    return await look()
  } catch (cause) {
    const isUnusable =
      cause instanceof EntraAuthError && ['file_unusable', 'profile_incomplete'].includes(cause.code)
    if (!isUnusable) throw cause
    throw new EntraAuthError('invalid_arguments', cause.message, { hint: cause.hint, cause })
  }
}
