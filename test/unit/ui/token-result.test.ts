import { describe, expect, it } from 'vitest'
import { formatToken } from '../../../src/ui/token-result.ts'

const now = new Date('2026-01-31T10:00:00Z')
const token = {
  token: 'eyJ0.eyJh.c2ln',
  tokenType: 'Bearer',
  expiresOn: new Date('2026-01-31T11:00:00Z'),
  scopes: ['api://x/re\u009b31mad', 'api://x/\u202ewrite'],
  tenantId: 'te\u009bnant\u2028',
  username: undefined,
  fromCache: false,
}

const onTerminal = { paint: (_style: unknown, text: string) => text, resultIsRead: true }

describe('what an authority names freely', () => {
  it.each([
    ['json', String.raw`api://x/\u202ewrite`],
    ['camel-json', String.raw`api://x/\u202ewrite`],
    ['yaml', String.raw`api://x/\u202ewrite`],
    ['az', 'eyJ0.eyJh.c2ln'],
  ] as const)('does nothing to a terminal as %s', async (format, shown) => {
    const text = await formatToken(token, format, { now, env: {} }, onTerminal)
    expect(text).not.toMatch(/[\u0080-\u009f\u2028\u202e]/)
    expect(text).toContain(shown)
  })
})
