import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chooseToken, type Permission } from '../../../../src/core/serve/audience.ts'
import { anyToken } from '../../../../src/core/serve/protocol.ts'
import { Refusal } from '../../../../src/core/serve/refusal.ts'
import { nothingMore, profile } from './served.ts'

const graph = profile()
const arm = profile({ name: 'arm', scopes: ['https://management.azure.com//.default'] })
const person = profile({
  name: 'person',
  scopes: ['User.Read', 'https://graph.microsoft.com/Mail.Read', 'api://x/read', 'offline_access'],
})
const served = [graph, arm]

const chosen = (ask: Partial<typeof anyToken>, profiles = served, permission: Permission = nothingMore) => {
  const wish = chooseToken({ ...anyToken, ...ask }, profiles, permission)
  return [wish.profile.name, ...wish.scopes]
}

/** @returns the status of the refusal */
function refusal(ask: Partial<typeof anyToken>, profiles = served, permission: Permission = nothingMore) {
  try {
    return chosen(ask, profiles, permission)
  } catch (error) {
    if (error instanceof Refusal) return error.status
    throw error
  }
}

describe('which profile answers', () => {
  it('is the first, where nothing is said', () => {
    expect(chosen({})).toEqual(['graph', 'https://graph.microsoft.com/.default'])
  })

  it.each(['https://management.azure.com', 'https://management.azure.com/', 'HTTPS://Management.Azure.com'])(
    'is the one whose scopes are for %s, in its own spelling',
    (resource) => {
      expect(chosen({ resource })).toEqual(['arm', 'https://management.azure.com//.default'])
    },
  )

  it('is the one whose scopes are for the API that the scopes name', () => {
    const scopes = ['https://management.azure.com/user_impersonation', 'offline_access']
    expect(chosen({ scopes })).toEqual(['arm', ...scopes])
  })

  it('asks for an API as a whole what the profile asks of it, and of no other', () => {
    expect(chosen({ resource: 'https://graph.microsoft.com' }, [person])).toEqual([
      'person',
      'User.Read',
      'https://graph.microsoft.com/Mail.Read',
    ])
  })
})

describe('for which APIs', () => {
  const vault = 'https://vault.azure.net'

  it("is served: those of the profiles' scopes and no others", () => {
    expect(refusal({ resource: vault })).toBe(403)
    expect(refusal({ scopes: [`${vault}/.default`] })).toBe(403)
    expect(refusal({ scopes: ['openid'] }, [arm])).toBe(403)
    expect(refusal({ scopes: ['User.Read'] }, [arm])).toBe(403)
  })

  it('names the API that is refused, in a command that a shell takes as it stands', () => {
    const said = (ask: Partial<typeof anyToken>) => {
      try {
        return chosen(ask)
      } catch (error) {
        return error instanceof Refusal ? error.message : undefined
      }
    }
    expect(said({ scopes: ['openid', `${vault}/read`] })).toBe(
      `tokens for ${vault} are not served; start serve with --allow-audience ${vault}`,
    )
    expect(said({ resource: 'x;$(id)' })).toBe(
      "tokens for x;$(id) are not served; start serve with --allow-audience 'x;$(id)'",
    )
  })

  it('is served: those that were allowed', () => {
    const permission = { ...nothingMore, audiences: [`${vault}/`] }
    expect(chosen({ resource: vault }, served, permission)).toEqual(['graph', `${vault}/.default`])
    expect(refusal({ resource: `${vault}.evil.example` }, served, permission)).toBe(403)
    expect(refusal({ resource: `${vault}/more` }, served, permission)).toBe(403)
  })

  it('is served: single scopes that were allowed, and not their API', () => {
    const permission = { ...nothingMore, scopes: [`${vault}/read`] }
    expect(chosen({ scopes: [`${vault}/read`] }, served, permission)).toEqual(['graph', `${vault}/read`])
    expect(refusal({ scopes: [`${vault}/read`, `${vault}/write`] }, served, permission)).toBe(403)
    expect(refusal({ resource: vault }, served, permission)).toBe(403)
  })

  it('is served: all, where that was wanted', () => {
    expect(chosen({ resource: vault }, served, { ...nothingMore, any: true })).toEqual([
      'graph',
      `${vault}/.default`,
    ])
  })
})

describe('what hides a second API behind the first', () => {
  const any = { ...nothingMore, any: true }
  it.each([
    { scopes: ['https://graph.microsoft.com/.default', 'https://vault.azure.net/.default'] },
    { scopes: ['User.Read', 'https://vault.azure.net/.default'] },
    { resource: 'https://graph.microsoft.com https://vault.azure.net' },
    { resource: 'https://graph.microsoft.com\thttps://vault.azure.net' },
    { resource: 'https://graph.microsoft.com"' },
    { resource: 'https://graph.microsoft.com\\' },
    { resource: 'https://gr\u00e4ph.microsoft.com' },
    { resource: `https://${'x'.repeat(2000)}` },
    { scopes: ['//.default'] },
    { resource: '/' },
  ])('is refused: %j', (ask) => {
    expect(refusal(ask)).toBe(400)
    expect(refusal(ask, served, any)).toBe(400)
  })

  it('never gets past the list, whatever is written around an API that is on it', () => {
    const piece = fc.constantFrom(
      'https://',
      'vault.azure.net',
      '/',
      '.default',
      ' ',
      ',',
      '%20',
      '#',
      '@',
      'x',
      '\n',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const resource = `https://graph.microsoft.com${pieces.join('')}`
        const answer = refusal({ resource })
        const isGraph = /^https:\/\/graph\.microsoft\.com\/*$/.test(resource)
        expect(typeof answer === 'number').toBe(!isGraph)
      }),
    )
  })
})
