import type { JsonObject } from '../../jwt/decode.ts'
import type { Condition, ConditionValue } from './condition.ts'

/**
 * Whether claims are as a condition wants them. A claim that is missing says nothing, contains nothing and equals
 * nothing. Of `scp`, `contains` looks at whole scopes; of other texts, at any part; of `wids`, at names of roles too.
 * @param roleName the name of a directory role by its template id
 */
export function holds(
  condition: Condition,
  claims: JsonObject,
  roleName: (templateId: string) => string | undefined,
): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.parts.every((part) => holds(part, claims, roleName))
    case 'or':
      return condition.parts.some((part) => holds(part, claims, roleName))
    case 'not':
      return !holds(condition.part, claims, roleName)
    case 'exists':
      return claimValue(claims, condition.claim) !== undefined
    case 'says':
      return saysSomething(claimValue(claims, condition.claim))
    case 'equals':
      return equals(claimValue(claims, condition.claim), condition.value)
    case 'contains': {
      const { claim, value } = condition
      const found = claimValue(claims, claim)
      if (contains(claim, found, value)) return true
      const ids = claim === 'wids' && Array.isArray(found) ? found : []
      return ids.some((id) => typeof id === 'string' && equals(roleName(id), value))
    }
  }
}

/** The value of the claim of that name, else of a member inside of one: `a.b`. Undefined where there is none. */
export function claimValue(claims: JsonObject, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  let value: unknown = claims
  for (const step of name.split('.')) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    if (!isObject || !Object.hasOwn(value as object, step)) return undefined
    value = (value as JsonObject)[step]
  }
  return value
}

function saysSomething(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  return value !== undefined && value !== null && value !== false && value !== ''
}

function contains(claim: string, found: unknown, value: ConditionValue): boolean {
  if (Array.isArray(found)) return found.some((item) => equals(item, value))
  if (typeof found !== 'string' || value.kind === 'truth') return false
  return claim === 'scp' ? found.split(/\s+/).includes(value.text) : found.includes(value.text)
}

/** Claims write codes as numbers or as texts: 2.0 is "2.0" as well as 2. */
function equals(found: unknown, value: ConditionValue): boolean {
  if (value.kind === 'truth') return found === value.value
  if (typeof found === 'number') return value.text.trim() !== '' && found === Number(value.text)
  return found === value.text
}
