import { failed, notApplicable, passed, type TokenCheck } from './check.ts'
import type { JsonObject } from './decode.ts'
import { isOfEveryTenant, isTenantId, knownIssuer, tenantInIssuer, tenantOf } from './issuers.ts'
import { quoted, quotedList } from './reason-words.ts'

/** The tenant of personal Microsoft accounts, the same everywhere. */
const consumersTenantId = '9188040d-6c67-4c5b-b112-36a304b66dad'

/**
 * Whether the issuer is one to accept, and speaks of the tenant that the token speaks of.
 * @param forms issuers of which the token's must be one; each list on its own. None: its form alone is looked at
 * @see https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-the-issuer
 */
export function checkIssuer(payload: JsonObject, forms: readonly (readonly string[])[]): TokenCheck {
  const { iss, tid } = payload
  if (typeof iss !== 'string') return failed('issuer', 'it names no issuer (iss)')
  const known = knownIssuer(payload)
  for (const accepted of forms) {
    const tenants = accepted.map((form) => tenantInIssuer(form, iss))
    if (tenants.every((tenant) => tenant === undefined))
      return failed('issuer', `${quoted(iss)} is not ${quotedList(accepted)}`)
  }
  const tenants = [known?.tenantId, ...forms.flat().map((form) => tenantInIssuer(form, iss))]
  const tenant = tenants.find((one) => one !== undefined && one !== '')
  if (tenant !== undefined && tid !== undefined && !isSameId(tid, tenant)) {
    const said = typeof tid === 'string' ? quoted(tid) : 'something that is no id'
    return failed('issuer', `it is of the tenant ${quoted(tenant)}, but the token says ${said} (tid)`)
  }
  // A token of Entra's that does not name its tenant is none: its key is trusted for the tenant that it names.
  const leavesTenantOpen =
    forms.length === 0 ? known?.kind === 'workforce' : forms.flat().some(isOfEveryTenant)
  if (leavesTenantOpen && tid === undefined) return failed('issuer', 'it names no tenant (tid)')
  if (forms.length > 0) return passed('issuer', quoted(iss))
  return known === undefined
    ? notApplicable('issuer', `not asked for; it is ${quoted(iss)}`)
    : passed('issuer', `${quoted(iss)}, an issuer of Microsoft's by its form`)
}

/** Whether a token is of one of the wanted tenants. */
export function checkTenant(payload: JsonObject, wanted: readonly string[] | undefined): TokenCheck {
  const tenant = tenantOf(payload)
  if (wanted === undefined) {
    const fact = tenant === undefined ? 'it names none' : `it is ${quoted(tenant)}`
    const meaning = 'anybody can have a tenant: an API that is not for all of them must check it'
    return notApplicable('tenant', `not asked for; ${fact}`, meaning)
  }
  if (tenant === undefined) return failed('tenant', 'it names no tenant (tid)')
  return wanted.some((one) => isOfTenant(tenant, one.toLowerCase()))
    ? passed('tenant', quoted(tenant))
    : failed('tenant', `${quoted(tenant)} is not ${quotedList(wanted)}`)
}

function isOfTenant(tenant: string, wanted: string): boolean {
  const isPersonal = isSameId(tenant, consumersTenantId)
  if (wanted === 'common') return true
  if (wanted === 'consumers') return isPersonal
  return wanted === 'organizations' ? !isPersonal : isSameId(tenant, wanted)
}

function isSameId(one: unknown, other: string): boolean {
  return isTenantId(one) && one.toLowerCase() === other.toLowerCase()
}
