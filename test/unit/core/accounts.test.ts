import { describe, expect, it } from 'vitest'
import { accountsIn, ambiguousAccount, chooseAccount } from '../../../src/core/accounts.ts'

const account = (id: string, username: string, realm = 'home') => ({ home_account_id: id, username, realm })
const anna = account('a', 'Anna@contoso.com')
const bert = account('b', 'bert@contoso.com')
const cacheOf = (...accounts: readonly ReturnType<typeof account>[]) => ({
  Account: Object.fromEntries(accounts.map((one, index) => [String(index), one])),
})

it('counts a person once, whatever the number of tenants', () => {
  expect(accountsIn(cacheOf(anna, account('a', 'Anna@contoso.com', 'guest'), bert))).toEqual([
    { id: 'a', username: 'Anna@contoso.com' },
    { id: 'b', username: 'bert@contoso.com' },
  ])
  expect(accountsIn({})).toEqual([])
})

describe('the account meant', () => {
  const found = (id: string) => ({ kind: 'account', id })
  const nobody = { kind: 'nobody' }
  const both = { kind: 'ambiguous', usernames: ['Anna@contoso.com', 'bert@contoso.com'] }

  it.each<[string, Parameters<typeof accountsIn>[0], string | undefined, object, object]>([
    ['nobody of nobody', {}, undefined, {}, nobody],
    ['the only one', cacheOf(anna), undefined, {}, found('a')],
    ['who signed in last', cacheOf(anna, bert), 'b', {}, found('b')],
    ['no guess where nobody is marked', cacheOf(anna, bert), undefined, {}, both],
    ['nobody in place of who is marked', cacheOf(anna), 'b', {}, found('b')],
    ['the named one, in any case', cacheOf(anna, bert), 'b', { account: 'anna@CONTOSO.com' }, found('a')],
    ['the hinted one', cacheOf(anna, bert), 'b', { loginHint: 'anna@contoso.com' }, found('a')],
    [
      'the named before the hinted',
      cacheOf(anna, bert),
      'b',
      { account: 'anna@contoso.com', loginHint: 'bert@contoso.com' },
      found('a'),
    ],
    ['nobody else than the named', cacheOf(anna, bert), 'b', { account: 'zoe@contoso.com' }, nobody],
    ['no part of a name', cacheOf(anna, bert), 'b', { account: 'anna' }, nobody],
    [
      'no guess between two of one name',
      cacheOf(anna, account('c', 'anna@contoso.com')),
      'a',
      { account: 'anna@contoso.com' },
      { kind: 'ambiguous', usernames: ['Anna@contoso.com', 'anna@contoso.com'] },
    ],
  ])('is %s', (_whom, msal, signedIn, named, expected) => {
    expect(chooseAccount({ msal, signedIn }, { account: undefined, loginHint: undefined, ...named })).toEqual(
      expected,
    )
  })

  it('is asked for by naming all who may be meant', () => {
    expect(ambiguousAccount(['anna@contoso.com', 'bert@contoso.com'], 'work')).toMatchObject({
      exitCode: 4,
      message: 'several people are signed in for "work"',
      hint: 'say whose token it shall be, with --account and one of anna@contoso.com, bert@contoso.com',
    })
  })
})
