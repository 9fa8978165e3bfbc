import type { KeychainCall, KeychainResult } from './keyring-binding.ts'

/** What the child answers: what the call came to, or why it failed. */
export type KeychainAnswer =
  | { readonly kind: 'result'; readonly result: KeychainResult }
  | { readonly kind: 'failure'; readonly message: string }

/** A call as the one line that goes to the child's stdin. */
export function encodeKeychainCall(call: KeychainCall): string {
  return line(call.method === 'set' ? { ...call, secret: base64(call.secret) } : call)
}

/** The call in such a line. Both ends are one program: what else could stand there is a defect, and throws. */
export function decodeKeychainCall(text: string): KeychainCall {
  const call = JSON.parse(text) as KeychainCall & { secret: string }
  return call.method === 'set' ? { ...call, secret: Buffer.from(call.secret, 'base64') } : call
}

/** An answer as the one line the child writes to stdout. */
export function encodeAnswer(answer: KeychainAnswer): string {
  if (answer.kind === 'failure') return line(answer)
  const { result } = answer
  return line(Buffer.isBuffer(result) ? { kind: 'secret', secret: base64(result) } : answer)
}

/** The answer in such a line. */
export function decodeAnswer(text: string): KeychainAnswer {
  const answer = JSON.parse(text) as KeychainAnswer | { kind: 'secret'; secret: string }
  if (answer.kind === 'secret') return { kind: 'result', result: Buffer.from(answer.secret, 'base64') }
  return answer.kind === 'result' ? { kind: 'result', result: answer.result } : answer
}

const line = (value: object) => `${JSON.stringify(value)}\n`

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
