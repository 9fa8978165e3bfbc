import { afterEach, describe, expect, it } from 'vitest'
import { openGraph, type Question } from '../../../../src/core/graph/graph.ts'
import { GraphError } from '../../../../src/core/graph/graph-error.ts'
import type { HttpRequest, HttpResponse } from '../../../../src/core/ports.ts'
import { rejectionOf } from '../../../support/failure.ts'

const graphUrl = 'https://graph.example'
const apps: Question = {
  path: '/applications',
  what: 'app registrations',
  permission: 'Application.Read.All',
}

/** What gets another token, in the tests where there is one. */
let renewed: (() => Promise<string>) | undefined
afterEach(() => (renewed = undefined))

/** Graph with scripted answers, and what it was asked. */
function scripted(...answers: readonly (Partial<HttpResponse> | object)[]) {
  const asked: HttpRequest[] = []
  const graph = openGraph({
    http: {
      send: async (request) => {
        asked.push(request)
        const answer = answers[asked.length - 1]
        if (answer === undefined) throw new Error(`${request.url} is one request more than the script has`)
        return 'status' in answer
          ? { status: 200, headers: {}, body: '', ...answer }
          : { status: 200, headers: {}, body: JSON.stringify(answer) }
      },
    },
    graphUrl,
    caFile: undefined,
    token: 'the-token',
    renewToken: renewed,
    signal: new AbortController().signal,
  })
  return { graph, asked }
}

async function all(graph: ReturnType<typeof scripted>['graph'], question: Question = apps) {
  const found: unknown[] = []
  for await (const one of graph.collection(question)) found.push(one['id'])
  return found
}

describe('a collection', () => {
  it('is read page by page, with the token and nothing else', async () => {
    const next = `${graphUrl}/v1.0/applications?$skiptoken=two`
    const { graph, asked } = scripted(
      { value: [{ id: 1 }, 'no object', { id: 2 }], '@odata.nextLink': next },
      { value: [{ id: 3 }] },
    )
    expect(await all(graph)).toEqual([1, 2, 3])
    expect(asked.map(({ url }) => url)).toEqual([`${graphUrl}/v1.0/applications`, next])
    expect(asked[1]?.headers).toEqual({ accept: 'application/json', authorization: 'Bearer the-token' })
  })

  it('asks for no page that nobody takes', async () => {
    const { graph, asked } = scripted({
      value: [{ id: 1 }],
      '@odata.nextLink': `${graphUrl}/v1.0/applications?$skiptoken=two`,
    })
    for await (const one of graph.collection(apps)) {
      expect(one).toEqual({ id: 1 })
      break
    }
    expect(asked).toHaveLength(1)
  })

  it('says what an advanced query needs, on every page', async () => {
    const next = `${graphUrl}/v1.0/applications?$skiptoken=two`
    const { graph, asked } = scripted({ value: [], '@odata.nextLink': next }, { value: [] })
    await all(graph, { ...apps, query: { $search: '"displayName:a b"' }, isAdvanced: true })
    expect(asked[0]?.url).toBe(`${graphUrl}/v1.0/applications?$search=%22displayName%3Aa%20b%22&$count=true`)
    expect(asked.map(({ headers }) => headers?.['ConsistencyLevel'])).toEqual(['eventual', 'eventual'])
  })

  it.each([
    ['another host', 'https://evil.example/v1.0/applications'],
    ['another port', 'https://graph.example:8443/v1.0/applications'],
    ['no https', 'http://graph.example/v1.0/applications'],
    ['a name within the name', 'https://graph.example.evil.example/v1.0/applications'],
    ['user and password', 'https://a:b@graph.example/v1.0/applications'],
    ['a place of the host that is not Graph', 'https://graph.example/elsewhere'],
    ['a path that leaves it', 'https://graph.example/v1.0/../elsewhere'],
    ['no address', '//'],
  ])('sends the token to no next page with %s', async (_what, next) => {
    const { graph, asked } = scripted({ value: [], '@odata.nextLink': next })
    const failure = await rejectionOf(all(graph))
    expect([failure.code, failure.message]).toEqual([
      'network',
      'Microsoft Graph answered with a next page that is not its own',
    ])
    expect(asked).toHaveLength(1)
  })

  it('does not go in a circle', async () => {
    const { graph } = scripted({ value: [], '@odata.nextLink': `${graphUrl}/v1.0/applications` })
    expect((await rejectionOf(all(graph))).message).toBe(
      'Microsoft Graph answered with a page that is its own next one',
    )
  })

  it.each([
    ['no JSON', { status: 200, body: '<html>' }, 'something that is not JSON'],
    ['a list', { status: 200, body: '[]' }, 'JSON that is no object'],
    ['an object alone', { id: 1 }, 'no collection'],
  ])('is not %s', async (_what, answer, what) => {
    const failure = await rejectionOf(all(scripted(answer).graph))
    expect([failure.exitCode, failure.message]).toEqual([5, `Microsoft Graph answered with ${what}`])
  })
})

describe('a refusal of Graph', () => {
  const said = (message: string) => JSON.stringify({ error: { code: 'C', message } })

  it.each<[string, Partial<HttpResponse>, number, string, RegExp]>([
    [
      '403',
      { status: 403, body: said('Insufficient privileges to complete the operation.') },
      2,
      'Microsoft Graph does not let this token read app registrations (403, Insufficient privileges to complete the operation)',
      /Application\.Read\.All.* -p/,
    ],
    ['404', { status: 404 }, 1, 'Microsoft Graph has no such app registrations', /check/],
    [
      '429',
      { status: 429, headers: { 'retry-after': '120' } },
      5,
      'Microsoft Graph is being asked too often (429)',
      /^try again in 120 seconds/,
    ],
    ['429 without a time', { status: 429 }, 5, 'Microsoft Graph is being asked too often (429)', /minute/],
    ['503', { status: 503, body: 'sorry' }, 5, 'Microsoft Graph failed (503)', /minute/],
    [
      '401',
      { status: 401, body: said('Lifetime validation failed.\nand more') },
      2,
      'Microsoft Graph does not take this token (401, Lifetime validation failed)',
      /--graph-url/,
    ],
    [
      '400',
      { status: 400, body: said('Invalid filter clause') },
      1,
      'Microsoft Graph did not take the request for app registrations (400, Invalid filter clause)',
      /--verbose/,
    ],
    [
      'a redirect',
      { status: 302 },
      1,
      'Microsoft Graph did not take the request for app registrations (302)',
      /./,
    ],
  ])('%s', async (_what, answer, exitCode, fact, hint) => {
    const failure = await rejectionOf(all(scripted(answer).graph))
    expect(failure).toBeInstanceOf(GraphError)
    expect([failure.exitCode, failure.message]).toEqual([exitCode, fact])
    expect(failure.hint).toMatch(hint)
  })

  it('that is a claims challenge is handed on, ready for --claims', async () => {
    const claims = Buffer.from('{"access_token":{"nbf":{"essential":true,"value":"1"}}}').toString('base64')
    const header = `Bearer realm="", error="insufficient_claims", claims="${claims}"`
    const failure = await rejectionOf(
      all(scripted({ status: 401, headers: { 'www-authenticate': header } }).graph),
    )
    expect([failure.exitCode, failure.hint]).toEqual([7, `run it again with --claims ${claims}`])
  })

  it('of a token that was kept is asked about once more, with a new one', async () => {
    renewed = () => Promise.resolve('newer-token')
    const { graph, asked } = scripted({ status: 403 }, { value: [{ id: 1 }] }, { status: 403 })
    expect(await all(graph)).toEqual([1])
    expect(asked.map(({ headers }) => headers?.['authorization'])).toEqual([
      'Bearer the-token',
      'Bearer newer-token',
    ])
    // Once: what a new token may not do, the next new one may not either.
    expect((await rejectionOf(all(graph))).exitCode).toBe(2)
    expect(asked.at(-1)?.headers?.['authorization']).toBe('Bearer newer-token')
  })

  it('cannot smuggle a command into the hint', async () => {
    const header = 'Bearer claims="$(reboot)"'
    const failure = await rejectionOf(
      all(scripted({ status: 401, headers: { 'www-authenticate': header } }).graph),
    )
    expect(`${failure.message} ${failure.hint}`).not.toContain('reboot')
  })

  it('is told with no more than its first words', async () => {
    const failure = await rejectionOf(all(scripted({ status: 403, body: said('x'.repeat(5_000)) }).graph))
    expect(failure.message.length).toBeLessThan(500)
  })
})
