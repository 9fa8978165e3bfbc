import type { CertificateCredential } from './read-certificate.ts'

const dayMs = 24 * 60 * 60 * 1000
const noticeDays = 30

/**
 * What a person should hear about a certificate's dates: not valid yet, over, or over within 30 days. Days are UTC.
 * @param now the moment to judge by
 * @returns one line without a full stop; undefined where there is nothing to say
 */
export function certificateWarning(
  credential: Pick<CertificateCredential, 'subject' | 'notBefore' | 'notAfter'>,
  now: Date,
): string | undefined {
  const { subject, notBefore, notAfter } = credential
  const name = `the certificate "${subject}"`
  if (now < notBefore) return `${name} is not valid before ${day(notBefore)}`
  const leftMs = notAfter.getTime() - now.getTime()
  if (leftMs < 0) return `${name} expired on ${day(notAfter)}; add a new one to the app in Entra`
  if (leftMs > noticeDays * dayMs) return undefined
  const days = Math.ceil(leftMs / dayMs)
  return `${name} expires on ${day(notAfter)}, ${days <= 1 ? 'within a day' : `in ${days} days`}`
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10)
}
