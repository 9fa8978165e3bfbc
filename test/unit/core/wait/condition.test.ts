import { describe, expect, it } from 'vitest'
import { claimsOf, readCondition } from '../../../../src/core/wait/condition.ts'
import { holds } from '../../../../src/core/wait/holds.ts'
import { directoryRoleName } from '../../../../src/jwt/directory-roles.ts'
import { failureOf } from '../../../support/failure.ts'

const claims = {
  roles: ['Admin', 'Reader', 7],
  scp: 'User.Read Mail.ReadWrite',
  upn: 'zoe@contoso.example',
  acct: 0,
  ver: '2.0',
  groups: [],
  empty: '',
  nothing: null,
  yes: true,
  no: false,
  'own.flat': 'flat',
  own: { level: 3, deep: { er: ['x'] }, flat: 'nested' },
  wids: ['62e90394-69f5-4237-9190-012177145e10', 5],
  contains: 'odd',
  'a b': 1,
  quote: 'say "hi"',
}

const meets = (text: string) => holds(readCondition(text), claims, directoryRoleName)

describe('a condition holds', () => {
  it.each([
    'roles',
    'roles contains "Admin"',
    "roles contains 'Admin'",
    'roles contains 7',
    'scp contains "User.Read"',
    'upn contains "@contoso"',
    'upn == "zoe@contoso.example"',
    'acct == 0',
    'acct == "0"',
    'ver == 2.0',
    'ver == "2.0"',
    'ver != "1.0"',
    'missing != "x"',
    'groups exists',
    'nothing exists',
    'yes',
    'yes == true',
    'no == false',
    'not no',
    'not not yes',
    'own.level == 3',
    'own.deep.er contains "x"',
    'own.flat == "flat"',
    'wids contains "Global Administrator"',
    'wids contains "62e90394-69f5-4237-9190-012177145e10"',
    '"contains" == "odd"',
    '"a b" == 1',
    String.raw`quote == "say \"hi\""`,
    'missing or roles',
    'missing and missing or roles',
    'roles or missing and missing',
    '(roles or missing) and not missing',
    'not (missing or empty)',
    '  roles   contains\n"Admin"  ',
    'roles==7 or acct==0',
  ])('%s', (text) => expect(meets(text)).toBe(true))
})

describe('a condition does not hold', () => {
  it.each([
    'missing',
    'missing exists',
    'missing contains "x"',
    'missing == "x"',
    'roles contains "admin"',
    'roles contains "Adm"',
    'roles == "Admin"',
    'scp contains "Mail.Read"',
    'acct contains 0',
    'acct == 1',
    'acct == ""',
    'ver == 2',
    'groups',
    'empty',
    'nothing',
    'no',
    'yes == "true"',
    'own.missing exists',
    'own contains "level"',
    'own.deep.er.length exists',
    'constructor exists',
    'own.__proto__ exists',
    'toString',
    'wids contains "Global Reader"',
    '(roles or missing) and missing',
    'not roles or missing',
  ])('%s', (text) => expect(meets(text)).toBe(false))
})

describe('readCondition', () => {
  it.each([
    ['', 1, 'the name of a claim is missing before the end'],
    ['roles contains', 15, 'a value is missing before the end'],
    ['roles contains Admin', 16, 'a text stands in quotes: "Admin"'],
    ['roles contains "Admin', 16, 'the text has no end'],
    ['roles = "Admin"', 7, 'to compare, write =='],
    ['roles contains "a" scp', 20, '"and" or "or" is missing before "scp"'],
    ['(roles', 1, 'no ")" belongs to this "("'],
    ['roles)', 6, 'no "(" belongs to this ")"'],
    ['roles and', 10, 'the name of a claim is missing before the end'],
    ['and roles', 1, 'the name of a claim is missing before "and"'],
    ['== "x"', 1, 'the name of a claim is missing before "=="'],
    ['roles; rm -rf', 6, '";" means nothing here'],
    ['process.exit(1)', 13, '"and" or "or" is missing before "("'],
    ['5 == 5', 1, 'the name of a claim is missing before "5"'],
    ['a == "x', 6, 'the text has no end'],
    ['x'.repeat(1001), 1001, 'it is longer than 1000 characters'],
  ])('refuses %j at column %d', (text, column, fact) => {
    const error = failureOf(() => readCondition(text))
    expect(error.message).toBe(`--until, column ${column}: ${fact}`)
    expect(error.code).toBe('invalid_arguments')
  })

  it('survives the deepest nesting that fits', () => {
    expect(meets(`${'('.repeat(497)}roles${')'.repeat(497)}`)).toBe(true)
    expect(meets(`${'not '.repeat(200)}roles`)).toBe(true)
  })

  it('knows which claims it is about', () => {
    expect(claimsOf(readCondition('a and (b exists or not a contains "x") and c.d == 1'))).toEqual([
      'a',
      'b',
      'c.d',
    ])
  })
})
