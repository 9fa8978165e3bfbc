import { EntraAuthError } from '../../errors.ts'
import { isJsonObject, objectAt, textAt } from '../graph/json-fields.ts'

/** What an API says of its refusal. */
export interface ApiComplaint {
  readonly code: string | undefined
  readonly message: string | undefined
}

/**
 * Reads the error of an API: OData and Azure (`error.code`, `error.message`), OAuth (`error`, `error_description`), Azure
 * DevOps (`typeKey`, `message`) and Storage (`Code` and `Message` in XML).
 * @see https://github.com/microsoft/api-guidelines/blob/vNext/azure/Guidelines.md#handling-errors
 */
export function readComplaint(body: string): ApiComplaint {
  const [, code, message] =
    /<Error>\s*<Code>([^<]{1,200})<\/Code>\s*<Message>([^<]{0,2000})/.exec(body.slice(0, 4096)) ?? []
  if (code !== undefined) return { code, message: firstLine(message) }
  const answer = parsed(body)
  if (!isJsonObject(answer)) return { code: undefined, message: undefined }
  const error = isJsonObject(answer['error']) ? objectAt(answer, 'error') : undefined
  if (error !== undefined) {
    return { code: textAt(error, 'code'), message: firstLine(textAt(error, 'message')) }
  }
  return {
    code: textAt(answer, 'error') ?? textAt(answer, 'code') ?? textAt(answer, 'typeKey'),
    message: firstLine(textAt(answer, 'error_description') ?? textAt(answer, 'message')),
  }
}

/**
 * An answer of an API that is no success, as an error of ours.
 * @param api whose answer it is
 * @param retryAfter of the header
 * @param profile for the hint
 */
export function callFailure(
  status: number,
  body: string,
  {
    api,
    retryAfter,
    profile,
  }: { readonly api: string; readonly retryAfter: string | undefined; readonly profile: string },
): EntraAuthError {
  const { code, message } = readComplaint(body)
  const said = [code, message].filter((part) => part !== undefined && part !== '').join(', ')
  return new EntraAuthError('general', `${api} answered ${status}${said === '' ? '' : `: ${said}`}`, {
    ...hintFor(status, code, retryAfter, profile),
  })
}

function hintFor(
  status: number,
  code: string | undefined,
  retryAfter: string | undefined,
  profile: string,
): { readonly hint?: string } {
  if (code === 'MissingApiVersionParameter') {
    return { hint: 'add ?api-version=… to the address, as the documentation of the API has it' }
  }
  if (status === 401) {
    return {
      hint: 'check that tenant and cloud of the profile are those of the API; --scope names another token',
    }
  }
  if (status === 403) {
    return {
      hint: `see what the token allows with "entra-auth-cli inspect -p ${profile} --claims", and what the API demands in its documentation`,
    }
  }
  if (status === 429 || status === 503) {
    const seconds = /^\d{1,6}$/.test(retryAfter ?? '') ? `in ${retryAfter} s` : 'in a minute'
    return { hint: `try again ${seconds}` }
  }
  return {}
}

function firstLine(text: string | undefined): string | undefined {
  return text
    ?.split(/[\r\n]/)[0]
    ?.replace(/\.\s*$/, '')
    .slice(0, 500)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
