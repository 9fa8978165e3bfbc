import { expect, it } from 'vitest'
import { certificateWarning } from '../../../../src/core/certificates/certificate-warning.ts'

const credential = {
  subject: 'CN=ci',
  notBefore: new Date('2026-01-01T00:00:00Z'),
  notAfter: new Date('2026-12-31T12:00:00Z'),
}

it.each([
  ['2025-12-31T23:59:59Z', 'the certificate "CN=ci" is not valid before 2026-01-01'],
  ['2026-01-01T00:00:00Z', undefined],
  ['2026-12-01T11:59:59Z', undefined],
  ['2026-12-01T12:00:00Z', 'the certificate "CN=ci" expires on 2026-12-31, in 30 days'],
  ['2026-12-29T12:00:01Z', 'the certificate "CN=ci" expires on 2026-12-31, in 2 days'],
  ['2026-12-30T12:00:00Z', 'the certificate "CN=ci" expires on 2026-12-31, within a day'],
  ['2026-12-31T12:00:00Z', 'the certificate "CN=ci" expires on 2026-12-31, within a day'],
  [
    '2026-12-31T12:00:01Z',
    'the certificate "CN=ci" expired on 2026-12-31; add a new one to the app in Entra',
  ],
])('at %s: %s', (now, warning) => {
  expect(certificateWarning(credential, new Date(now))).toBe(warning)
})
