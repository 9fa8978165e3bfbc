import { createHash, timingSafeEqual } from 'node:crypto'
import { type SandboxControl, UnknownName } from './control.ts'
import type { Fault, FaultEffect } from './faults.ts'
import { type SandboxRequest, type SandboxResponse, json } from './http.ts'

/** Sent along with every control request: the content of the `control.key` file in the sandbox's folder. */
export const controlHeader = 'x-sandbox-key'

/**
 * The control interface over HTTPS, under `/sandbox/`; undefined for other paths. It needs the key of the sandbox's
 * folder and refuses browsers' cross-site requests, so that no web page can drive a sandbox.
 */
export async function answerControl(
  request: SandboxRequest,
  control: SandboxControl,
  key: string,
  requests: () => readonly object[],
): Promise<SandboxResponse | undefined> {
  const { pathname } = request.url
  if (!pathname.startsWith('/sandbox/')) return undefined
  if (request.headers.origin !== undefined) return json(403, { error: 'requests of web pages are refused' })
  if (!isKey(request.headers[controlHeader] ?? '', key)) {
    return json(401, { error: `send the key from control.key in the header ${controlHeader}` })
  }
  if (request.method === 'GET' && pathname === '/sandbox/requests') return json(200, requests())
  if (request.method !== 'POST') return json(405, { error: 'use POST' })
  try {
    return await act(pathname.slice('/sandbox/'.length), fieldsOf(request), control)
  } catch (error) {
    if (error instanceof UnknownName || error instanceof BadField) return json(400, { error: error.message })
    throw error
  }
}

const tenYears = 315_360_000

class BadField extends Error {}

type Fields = Readonly<Record<string, unknown>>

async function act(action: string, fields: Fields, control: SandboxControl): Promise<SandboxResponse> {
  switch (action) {
    case 'faults':
      control.addFault(faultOf(fields))
      return done()
    case 'faults/clear':
      control.clearFaults()
      return done()
    case 'clock':
      control.setClockOffset(numberOf(fields, 'offsetSeconds', { least: -tenYears, most: tenYears }))
      return done()
    case 'access-token-lifetime':
      control.setAccessTokenLifetime(
        fields.seconds === null ? undefined : numberOf(fields, 'seconds', { least: 1 }),
      )
      return done()
    case 'single-use-refresh-tokens':
      control.setSingleUseRefreshTokens(booleanOf(fields, 'on'))
      return done()
    case 'refresh-tokens/revoke':
      control.revokeRefreshTokens(textOf(fields, 'user'), optionalText(fields, 'app'))
      return done()
    case 'sessions/end':
      control.endSessions(textOf(fields, 'user'))
      return done()
    case 'consents/withdraw':
      control.withdrawConsents(textOf(fields, 'user'))
      return done()
    case 'keys/rotate':
      await control.rotateKeys()
      return done()
    case 'device-codes/approve':
      control.approveDeviceCode(textOf(fields, 'userCode'), textOf(fields, 'user'), {
        withMfa: fields.withMfa === true,
      })
      return done()
    case 'device-codes/decline':
      control.declineDeviceCode(textOf(fields, 'userCode'))
      return done()
    case 'assertions':
      return json(200, { assertion: await control.mintAssertion(assertionOf(fields)) })
    default:
      return json(404, { error: 'no such action' })
  }
}

function done(): SandboxResponse {
  return json(200, {})
}

function assertionOf(fields: Fields): Parameters<SandboxControl['mintAssertion']>[0] {
  return {
    subject: optionalText(fields, 'subject'),
    audience: optionalText(fields, 'audience'),
    issuer: optionalText(fields, 'issuer'),
    lifetimeSeconds: fields.lifetimeSeconds === undefined ? undefined : numberOf(fields, 'lifetimeSeconds'),
  }
}

function faultOf(fields: Fields): Fault {
  return {
    path: optionalText(fields, 'path'),
    grantType: optionalText(fields, 'grantType'),
    times: fields.times === undefined ? undefined : numberOf(fields, 'times'),
    effect: effectOf(fields),
  }
}

function effectOf(fields: Fields): FaultEffect {
  if (fields.drop === true) return { kind: 'drop' }
  if (fields.blocked === true) return { kind: 'blocked' }
  if (fields.delayMilliseconds !== undefined) {
    return { kind: 'delay', milliseconds: numberOf(fields, 'delayMilliseconds', { most: 600_000 }) }
  }
  const retryAfterSeconds =
    fields.retryAfterSeconds === undefined ? undefined : numberOf(fields, 'retryAfterSeconds')
  const status = numberOf(fields, 'status', { least: 400, most: 599 })
  return { kind: 'status', status, retryAfterSeconds }
}

function fieldsOf(request: SandboxRequest): Fields {
  if (request.body === '') return {}
  try {
    const value: unknown = JSON.parse(request.body)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch {
    // Falls through to the one message for everything that is no JSON object.
  }
  throw new BadField('the body must be a JSON object')
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value === 'string' && value !== '') return value
  throw new BadField(`"${name}" must be a text`)
}

function optionalText(fields: Fields, name: string): string | undefined {
  return fields[name] === undefined ? undefined : textOf(fields, name)
}

/** A whole number within bounds in which clocks and timers still make sense. */
function numberOf(fields: Fields, name: string, { least = 0, most = 86_400 } = {}): number {
  const value = fields[name]
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value
  throw new BadField(`"${name}" must be a whole number from ${least} to ${most}`)
}

function booleanOf(fields: Fields, name: string): boolean {
  const value = fields[name]
  if (typeof value === 'boolean') return value
  throw new BadField(`"${name}" must be true or false`)
}

function isKey(presented: string, key: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(presented), digest(key))
}
