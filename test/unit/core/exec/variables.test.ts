import { describe, expect, it } from 'vitest'
import {
  distinctVariables,
  filledIn,
  keyOf,
  readAssignment,
  readTemplate,
  tokenNames,
} from '../../../../src/core/exec/variables.ts'
import { failureOf } from '../../../support/failure.ts'

const own = { profile: undefined, scopes: [] }
const graph = { profile: 'graph', scopes: [] }

describe('--env', () => {
  it.each([
    ['TOKEN', { name: 'TOKEN', parts: [own] }],
    ['GRAPH_TOKEN=graph', { name: 'GRAPH_TOKEN', parts: [graph] }],
    [
      'ARM=arm:https://management.azure.com/.default',
      { name: 'ARM', parts: [{ profile: 'arm', scopes: ['https://management.azure.com/.default'] }] },
    ],
    [
      'T=work:https://graph.microsoft.com/User.Read Mail.Read',
      {
        name: 'T',
        parts: [
          {
            profile: 'work',
            scopes: ['https://graph.microsoft.com/User.Read', 'https://graph.microsoft.com/Mail.Read'],
          },
        ],
      },
    ],
  ])('%s', (text, expected) => expect(readAssignment(text)).toEqual(expected))

  it.each(['', '=graph', '1TOKEN', 'MY-TOKEN', 'A B=graph', 'eyJ0.e.x y'])('refuses %j as a name', (text) => {
    expect(failureOf(() => readAssignment(text)).message).toMatch(/is no name of a variable$/)
  })

  it.each(['TOKEN=', 'TOKEN=:https://graph.microsoft.com/.default', 'TOKEN=graph:', 'TOKEN=graph: '])(
    'refuses %j, which names no token',
    (text) => expect(failureOf(() => readAssignment(text)).message).toMatch(/names no (profile|scope)$/),
  )
})

describe('a template', () => {
  it('has variables with and without tokens, comments and quotes', () => {
    const text = [
      '\uFEFF# the service',
      '',
      'export API_URL = https://api.example/?a=$HOME&b=${OTHER}',
      'AUTH="Bearer ${token:graph}"',
      "BOTH='${token},${token:arm:https://management.azure.com/.default}!'",
      'EMPTY=',
      'QUOTE="',
    ].join('\r\n')
    expect(readTemplate(text, 'x')).toEqual([
      { name: 'API_URL', parts: ['https://api.example/?a=$HOME&b=${OTHER}'] },
      { name: 'AUTH', parts: ['Bearer ', graph] },
      {
        name: 'BOTH',
        parts: [own, ',', { profile: 'arm', scopes: ['https://management.azure.com/.default'] }, '!'],
      },
      { name: 'EMPTY', parts: [''] },
      { name: 'QUOTE', parts: ['"'] },
    ])
  })

  it.each([
    ['secret words', 'line 1 of "t" is no NAME=VALUE'],
    ['A=1\nMY-SECRET=hush', 'line 2 of "t" is no NAME=VALUE'],
    ['A=${token:graph hush', 'line 1 of "t" has a placeholder that is none'],
    ['A=${token}${tokens}', 'line 1 of "t" has a placeholder that is none'],
    ['A=${token:}', 'line 1 of "t" names no profile'],
    ['A=${token:graph:}', 'line 1 of "t" names no scope'],
    ['A=a\u0000b', 'line 1 of "t" holds control characters'],
  ])('refuses %j, without repeating it', (text, message) => {
    const failure = failureOf(() => readTemplate(text, '"t"'))
    expect(failure).toMatchObject({ code: 'invalid_arguments', message })
  })
})

describe('variables', () => {
  it('name each token once, whatever the case of its profile, and are filled in', () => {
    const variables = [
      readAssignment('A=graph'),
      readAssignment('B=Graph'),
      ...readTemplate('C=Bearer ${token}', 'x'),
    ]
    expect(tokenNames(variables)).toHaveLength(2)
    const tokens = new Map([
      [keyOf(graph), 'g'],
      [keyOf(own), 'o'],
    ])
    expect(filledIn(variables, tokens)).toEqual({ A: 'g', B: 'g', C: 'Bearer o' })
  })

  it('are distinct', () => {
    expect(failureOf(() => distinctVariables([readAssignment('A=x'), readAssignment('A=y')])).message).toBe(
      'the variable A is named twice',
    )
  })
})
