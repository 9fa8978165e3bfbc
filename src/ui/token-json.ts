import type { TokenJson } from '../jwt/decode.ts'
import { jsonObject } from './json-reader.ts'
import type { TokenPart } from './token-pretty.ts'

/** A token, or one part of it, as JSON in which everything is as the token has it. */
export function jsonOfToken({ json: { header, payload }, signature }: TokenJson, part: TokenPart): string {
  if (part === 'header') return header
  if (part === 'claims') return payload
  return jsonObject({ header, payload, signature: JSON.stringify(signature) })
}
