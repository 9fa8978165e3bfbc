import { describe, expect, it } from 'vitest'
import type { HttpRequest, HttpResponse } from '../../src/core/ports.ts'
import type { MemoryHost, MemoryHostOptions } from '../support/memory-host.ts'
import { daemon, hostWith, tenantId } from '../support/profiles.ts'
import { runCommand } from '../support/run-command.ts'
import { appAnswer, scriptedAuthority, type Scene } from '../support/scripted-authority.ts'

const graph = 'https://graph.microsoft.com'
const arm = 'https://management.azure.com'
const tokenFor = (resource: string, token = 'graph.token.itself'): Scene => ({
  form: { scope: `${resource}/.default` },
  answer: appAnswer(token),
})
const graphToken = tokenFor(graph)

type Answer = Partial<Omit<HttpResponse, 'body'>> & { readonly body?: unknown }
type Api = (request: HttpRequest, count: number, host: MemoryHost) => Answer

interface Story {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  readonly host: MemoryHost
  /** What the API was asked, in order. */
  readonly asked: readonly HttpRequest[]
}

/** Runs `call` with APIs that are a function of the test, or answers in order. */
async function calling(
  words: readonly string[],
  api: Api | readonly Answer[],
  options: MemoryHostOptions & {
    readonly scenes?: readonly Scene[]
    readonly records?: readonly object[]
  } = {},
): Promise<Story> {
  const authority = scriptedAuthority(tenantId, options.scenes ?? [graphToken])
  const asked: HttpRequest[] = []
  const host: MemoryHost = hostWith(options.records ?? [daemon], {
    env: { AZURE_CLIENT_SECRET: 'the-client-secret', NO_COLOR: '1', ...options.env },
    now: new Date(),
    ...options,
    http: async (request) => {
      if (request.url.startsWith('https://login.microsoftonline.com/')) return authority.http(request)
      asked.push(request)
      const answer = typeof api === 'function' ? api(request, asked.length, host) : api[asked.length - 1]
      if (!answer) throw new Error(`nobody expected ${request.method} ${request.url}`)
      const { status = 200, headers = {}, body = '' } = answer
      return { status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) }
    },
  })
  const code = await runCommand(['call', ...words], host)
  authority.finish()
  return { code, stdout: host.stdout(), stderr: host.stderr(), host, asked }
}

const addresses = ({ asked }: Story) => asked.map(({ method, url }) => `${method} ${url}`)

describe('call', () => {
  it('asks Graph for a path, with its token, and prints the body as it came', async () => {
    const body = '{"b":1, "a":12345678901234567890}'
    const story = await calling(['/me'], [{ body }])
    expect(story).toMatchObject({ code: 0, stdout: body, stderr: '' })
    expect(addresses(story)).toEqual([`GET ${graph}/v1.0/me`])
    expect(story.asked[0]?.headers).toEqual({
      accept: '*/*',
      authorization: 'Bearer graph.token.itself',
    })
  })

  it('lays JSON out for a person, with all digits and nothing a terminal would act on', async () => {
    const body = '{"n":12345678901234567890,"t":"\\u001b[31m\u202e"}'
    const { stdout } = await calling(['/me'], [{ body }], { stdoutIsTerminal: true })
    expect(stdout).toBe('{\n  "n": 12345678901234567890,\n  "t": "\\u001b[31m\\u202e"\n}\n')
  })

  it('shows a person no bytes, but with --raw', async () => {
    const body = 'a\u0000b'
    const answer = { body, headers: { 'content-type': 'image/png' } }
    const refused = await calling(['/me/photo/$value'], [answer], { stdoutIsTerminal: true })
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toContain(
      'error: the answer is no text (image/png)\nhint: write it to a file with -o',
    )
    const raw = await calling(['/me/photo/$value', '--raw'], [answer], { stdoutIsTerminal: true })
    expect(raw).toMatchObject({ code: 0, stdout: body })
  })

  it('takes the token that the host needs, and sends the headers it demands', async () => {
    const story = await calling(
      ['https://contoso.blob.core.windows.net/logs?comp=list'],
      [{ body: '<x/>' }],
      {
        scenes: [tokenFor('https://storage.azure.com', 'storage.token.itself')],
      },
    )
    expect(story.asked[0]?.headers).toMatchObject({
      authorization: 'Bearer storage.token.itself',
      'x-ms-version': '2023-11-03',
    })
  })

  it('sends a body, as what it is, by POST', async () => {
    const story = await calling(['/users', '-d', '{"a":1}', '-H', 'Prefer: x'], [{ status: 201 }])
    expect(addresses(story)).toEqual([`POST ${graph}/v1.0/users`])
    expect(story.asked[0]).toMatchObject({
      body: '{"a":1}',
      headers: { 'content-type': 'application/json', prefer: 'x' },
    })
  })

  it.each<[string, MemoryHostOptions]>([
    ['@body.txt', { files: { 'body.txt': 'from a file' } }],
    ['-', { stdin: 'from a file' }],
    ['@-', { stdin: 'from a file' }],
  ])('reads the body of %s', async (data, options) => {
    const words = ['put', '/drive', '-d', data, '-H', 'Content-Type: text/x']
    const story = await calling(words, [{ status: 204 }], options)
    expect(story.asked[0]).toMatchObject({
      method: 'PUT',
      body: 'from a file',
      headers: { 'content-type': 'text/x' },
    })
  })

  it('prints status and headers with -i', async () => {
    const headers = { 'x-a': '1', 'x-b': '\u001b]0;x\u0007' }
    const { stdout } = await calling(['/me', '-i'], [{ headers, body: 'x' }])
    expect(stdout).toBe('HTTP/1.1 200\nx-a: 1\nx-b: \n\nx')
  })

  it('writes the body to a file, and that of a failure nowhere', async () => {
    const { host, stdout } = await calling(['/me', '-o', '/tmp/me.json'], [{ body: 'x' }])
    expect([stdout, String(host.fileMap.get('/tmp/me.json'))]).toEqual(['', 'x'])
    const failed = await calling(['/me', '-o', '/tmp/me.json'], [{ status: 404, body: 'no' }])
    expect([failed.code, failed.stdout, failed.host.fileMap.has('/tmp/me.json')]).toEqual([1, '', false])
  })

  it('prints what a refusal says, and says it', async () => {
    const body = { error: { code: 'Request_ResourceNotFound', message: 'No such user.' } }
    const { code, stdout, stderr } = await calling(['/users/x'], [{ status: 404, body }])
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: JSON.stringify(body),
      stderr: 'error: Microsoft Graph answered 404: Request_ResourceNotFound, No such user\n',
    })
  })

  it('takes the page to sign in of Azure DevOps for a refusal', async () => {
    const { code } = await calling(['https://dev.azure.com/contoso/_apis/projects'], [{ status: 203 }], {
      scenes: [tokenFor('499b84ac-1321-427f-aa17-267ca6975798')],
    })
    expect(code).toBe(1)
  })

  it.each<[readonly string[], string]>([
    [['https://evil.example/'], 'which API answers at evil.example is not known'],
    [
      ['https://graph.microsoft.com.evil.example/'],
      'which API answers at graph.microsoft.com.evil.example is not known',
    ],
    [
      ['https://graph.microsoft.com@evil.example/'],
      'the address holds a user name or a password, which may be made to look like its host',
    ],
    [['http://graph.microsoft.com/'], 'a token is not sent by http'],
    [
      ['https://evil.example/', '-s', 'User.Read'],
      'evil.example is no host of Microsoft Graph, whose token this is',
    ],
    [['GET', '/me', 'more'], 'there is more than a method and an address'],
    [['-X', 'GET', 'POST', '/me'], '-X and "POST" contradict each other'],
    [['BREW', '/me'], '"BREW" is no method'],
    [['/me', '-H', 'Authorization: Bearer x'], 'the header Authorization is not yours to give'],
    [['/me', '--paginate', '-i'], '--paginate and --include contradict each other'],
    [['/me', '--jsonl', '--raw'], '--jsonl and --raw contradict each other'],
    [['/me', '-s', ''], '--scope is empty'],
  ])('refuses %j before anything is sent', async (words, fact) => {
    const { code, stdout, stderr } = await calling(words, [], { scenes: [] })
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' })
    expect(stderr).toContain(`error: ${fact}\n`)
  })
})

describe('a redirect', () => {
  it('within the origin is followed, with the token', async () => {
    const story = await calling(
      ['/me'],
      [{ status: 302, headers: { location: '/v1.0/other' } }, { body: 'x' }],
    )
    expect(story).toMatchObject({ code: 0, stdout: 'x' })
    expect(story.asked[1]).toMatchObject({
      url: `${graph}/v1.0/other`,
      headers: { authorization: 'Bearer graph.token.itself' },
    })
  })

  it.each([
    [301, 'GET'],
    [302, 'GET'],
    [303, 'GET'],
    [307, 'POST'],
    [308, 'POST'],
  ])('%d makes of a POST a %s', async (status, method) => {
    const story = await calling(['/a', '-d', 'x'], [{ status, headers: { location: '/b' } }, {}])
    expect(story.asked[1]).toMatchObject({ method })
    expect([story.asked[1]?.body, story.asked[1]?.headers?.['content-type'] !== undefined]).toEqual(
      method === 'POST' ? ['x', true] : [undefined, false],
    )
  })

  it.each([
    'https://evil.example/file?sig=hush',
    '//evil.example/file?sig=hush',
    'https://graph.microsoft.com.evil.example/file',
    'https://x@graph.microsoft.com/file',
    'http://graph.microsoft.com/file',
  ])('to %s is followed by nobody', async (location) => {
    const story = await calling(['/drive/item/content'], [{ status: 302, headers: { location } }])
    expect(story).toMatchObject({ code: 1, stdout: '' })
    expect(story.stderr).toMatch(/^error: Microsoft Graph answered 302: it is at https?:\/\/[\w.]+\/file\n/)
    expect(story.stderr).not.toContain('hush')
  })

  it('in a circle ends', async () => {
    const story = await calling(['/a'], () => ({ status: 302, headers: { location: '/v1.0/a' } }))
    expect([story.code, story.asked.length]).toEqual([1, 6])
  })
})

describe('a refusal of the token', () => {
  const claims = Buffer.from('{"access_token":{"nbf":{"essential":true,"value":"1"}}}').toString('base64')
  const challenge = {
    status: 401,
    headers: { 'www-authenticate': `Bearer error="insufficient_claims", claims="${claims}"` },
  }
  const better: Scene = {
    form: { scope: `${graph}/.default`, claims: /"nbf"/ },
    answer: appAnswer('better.token.itself'),
  }

  it('that names claims is answered once, with a token that has them', async () => {
    const story = await calling(['/me'], [challenge, { body: 'x' }], {
      scenes: [graphToken, better],
    })
    expect(story).toMatchObject({ code: 0, stdout: 'x' })
    expect(story.asked[1]?.headers?.['authorization']).toBe('Bearer better.token.itself')
  })

  it('that comes again is the answer', async () => {
    const story = await calling(['/me'], [challenge, challenge], {
      scenes: [graphToken, better],
    })
    expect([story.code, story.asked.length]).toEqual([1, 2])
  })

  it('that was new is the answer', async () => {
    const story = await calling(['/me'], [{ status: 401 }])
    expect([story.code, story.asked.length]).toEqual([1, 1])
  })

  it('with claims that are none is the answer', async () => {
    const headers = { 'www-authenticate': 'Bearer claims="\u0007not base64"' }
    expect((await calling(['/me'], [{ status: 401, headers }])).code).toBe(1)
  })
})

describe('an API that is asked too often', () => {
  it('is asked again when it says', async () => {
    const throttled = { status: 429, headers: { 'retry-after': '60' } }
    const story = await calling(['/me'], [throttled, { body: 'x' }], { stderrIsTerminal: true })
    expect(story).toMatchObject({ code: 0, stdout: 'x' })
    expect(story.stderr).toContain('Waiting 60 s, as graph.microsoft.com asks (429)...')
  })

  it.each([
    [{ status: 503, headers: { 'retry-after': '3600' } }, 'try again in 3600 s', 1],
    [{ status: 429, headers: { 'retry-after': '200' } }, 'try again in 200 s', 2],
    [{ status: 503, headers: {} }, 'try again in a minute', 1],
  ])('is not waited for longer than five minutes: %j', async (answer, hint, times) => {
    const story = await calling(['/me'], () => answer)
    expect([story.code, story.asked.length]).toEqual([1, times])
    expect(story.stderr).toContain(`hint: ${hint}\n`)
  })
})

describe('a collection', () => {
  const page = (ids: readonly number[], next?: string) => ({
    body: { value: ids.map((id) => ({ id })), ...(next === undefined ? {} : { '@odata.nextLink': next }) },
  })
  const pages = [page([1, 2], `${graph}/v1.0/users?$skiptoken=a`), page([]), page([3])]

  it('is one JSON array of all pages', async () => {
    const more = [pages[0]!, page([], '/v1.0/users?$skiptoken=b'), page([3])]
    const story = await calling(['/users', '--paginate', '-H', 'ConsistencyLevel: eventual'], more)
    expect(story).toMatchObject({ code: 0, stdout: '[\n{"id":1},\n{"id":2},\n{"id":3}\n]\n', stderr: '' })
    expect(addresses(story).slice(1)).toEqual([
      `GET ${graph}/v1.0/users?$skiptoken=a`,
      `GET ${graph}/v1.0/users?$skiptoken=b`,
    ])
    expect(story.asked[2]?.headers).toMatchObject({
      consistencylevel: 'eventual',
      authorization: 'Bearer graph.token.itself',
    })
  })

  it('is a line for each item', async () => {
    const { stdout } = await calling(['/users', '--paginate', '--jsonl'], [pages[0]!, page([3])])
    expect(stdout).toBe('{"id":1}\n{"id":2}\n{"id":3}\n')
  })

  it.each<[readonly string[], string]>([
    [['--paginate'], '[]\n'],
    [['--jsonl'], ''],
  ])('without items is %j', async (flags, expected) => {
    expect((await calling(['/users', ...flags], [page([])])).stdout).toBe(expected)
  })

  it('is laid out for a person, who is told how far it is', async () => {
    const { stdout, stderr } = await calling(
      ['/users', '--paginate'],
      (_request, count) => page([count], count < 3 ? `?p=${count}` : undefined),
      {
        stdoutIsTerminal: true,
        stderrIsTerminal: true,
      },
    )
    expect(JSON.parse(stdout)).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }])
    expect(stdout).toContain('  {\n    "id": 1\n  },\n')
    expect(stderr).toBe('')
  })

  it('says where there is more than one page', async () => {
    const { stdout, stderr } = await calling(['/users', '--jsonl'], [pages[0]!])
    expect([stdout, stderr]).toEqual([
      '{"id":1}\n{"id":2}\n',
      'warning: there are more pages; --paginate gets them all\n',
    ])
  })

  it('goes to a file', async () => {
    const words = ['/users', '--paginate', '-o', '/tmp/users.json']
    const { host, stdout } = await calling(words, [pages[0]!, page([3])], { stdoutIsTerminal: true })
    expect(stdout).toBe('')
    expect(JSON.parse(String(host.fileMap.get('/tmp/users.json')))).toHaveLength(3)
  })

  it('of Azure leads on by nextLink', async () => {
    const story = await calling(
      [`${arm}/subscriptions?api-version=2022-12-01`, '--paginate'],
      [{ body: { value: [1], nextLink: `${arm}/subscriptions?page=2` } }, { body: { value: [2] } }],
      { scenes: [tokenFor(arm)] },
    )
    expect(story.stdout).toBe('[\n1,\n2\n]\n')
  })

  it.each([
    'https://evil.example/v1.0/users?next=hush',
    'http://graph.microsoft.com/v1.0/users',
    'https://x@graph.microsoft.com/',
  ])('that leads to %s ends there, and has no end that would look whole', async (next) => {
    const story = await calling(['/users', '--paginate'], [page([1], next)])
    expect([story.code, story.asked.length, story.stdout]).toEqual([5, 1, '[\n{"id":1}'])
    expect(story.stderr).toMatch(/^error: the next page is at \S+, where the token may not go\n/)
    expect(story.stderr).not.toContain('hush')
  })

  it.each<[Answer, string]>([
    [{ body: 'no JSON' }, 'the answer is something that is no JSON object'],
    [{ body: '['.repeat(100_000) + ']'.repeat(100_000) }, 'the answer is something that is no JSON object'],
    [{ body: { id: 1 } }, 'the answer is no collection: it has no array "value"'],
    [{ body: { value: [], nextLink: '/v1.0/users' } }, 'the answer is a page that is its own next one'],
  ])('is not %j', async (answer, fact) => {
    const { code, stderr } = await calling(['/users', '--paginate'], [answer])
    expect(code).toBe(5)
    expect(stderr).toContain(`error: ${fact}\n`)
  })

  it('that fails on the way says why', async () => {
    const body = { error: { code: 'Broken', message: 'Later.' } }
    const { code, stderr } = await calling(['/users', '--paginate'], [pages[0]!, { status: 500, body }])
    expect([code, stderr]).toEqual([1, 'error: Microsoft Graph answered 500: Broken, Later\n'])
  })

  it('of ten thousand items is held a page at a time: the next is asked for when this one was written', async () => {
    const written: number[] = []
    const story = await calling(['/users', '--paginate', '--jsonl'], (_request, count, host) => {
      written.push(
        host
          .stdout()
          .split('\n')
          .filter((line) => line !== '').length,
      )
      const ids = Array.from({ length: 100 }, (_, index) => (count - 1) * 100 + index)
      return page(ids, count < 100 ? `?page=${count + 1}` : undefined)
    })
    expect(story.code).toBe(0)
    expect(written).toEqual(Array.from({ length: 100 }, (_, index) => index * 100))
    expect(story.stdout.trimEnd().split('\n')).toHaveLength(10_000)
  })
})

describe('--wait', () => {
  const path = `${arm}/subscriptions/s/providers/x?api-version=1`
  const status = `${arm}/subscriptions/s/operations/1?api-version=1`
  const begun = { status: 202, headers: { 'azure-asyncoperation': status, 'retry-after': '7' } }
  const waiting = (words: readonly string[], api: readonly Answer[]) =>
    calling([...words, '--wait'], api, { scenes: [tokenFor(arm)], stderrIsTerminal: true })

  it('follows an operation by its status, and gets what it made', async () => {
    const story = await waiting(
      ['PUT', path, '-d', '{}'],
      [begun, { body: { status: 'Running' } }, { body: { status: 'Succeeded' } }, { body: 'made' }],
    )
    expect(story).toMatchObject({ code: 0, stdout: 'made' })
    expect(story.stderr).toContain('Running...\n')
    expect(addresses(story)).toEqual([`PUT ${path}`, `GET ${status}`, `GET ${status}`, `GET ${path}`])
    expect(story.asked[3]?.headers?.['content-type']).toBeUndefined()
  })

  it('ends with what a failed one says', async () => {
    const error = { code: 'QuotaExceeded', message: 'Too many cores.' }
    const story = await waiting(['POST', path], [begun, { body: { status: 'Failed', error } }])
    expect(story.code).toBe(1)
    expect(JSON.parse(story.stdout)).toEqual({ status: 'Failed', error })
    expect(story.stderr).toContain('error: the operation failed: QuotaExceeded, Too many cores.\n')
  })

  it('follows an operation by its place', async () => {
    const at = { status: 202, headers: { location: status } }
    const story = await waiting(['DELETE', path], [at, at, { status: 204 }])
    expect(story).toMatchObject({ code: 0, stdout: '' })
    expect(addresses(story)).toEqual([`DELETE ${path}`, `GET ${status}`, `GET ${status}`])
  })

  it('follows what is made by its state', async () => {
    const made = (provisioningState: string) => ({ body: { properties: { provisioningState } } })
    const story = await waiting(
      ['PUT', path, '-d', '{}'],
      [{ status: 201, ...made('Creating') }, made('Updating'), made('Succeeded')],
    )
    expect(story.code).toBe(0)
    expect(JSON.parse(story.stdout)).toEqual({ properties: { provisioningState: 'Succeeded' } })
  })

  it('waits as long as it is asked to', async () => {
    const { host } = await waiting(['POST', path], [begun, { body: { status: 'Succeeded' } }])
    // The clock of the test goes on by what is waited.
    expect(host.now().getTime() - Date.now()).toBeGreaterThan(6000)
  })

  it.each<Record<string, string>>([
    { 'azure-asyncoperation': 'https://evil.example/operation?x=hush' },
    { 'operation-location': 'http://management.azure.com/' },
    { location: '//evil.example/operation' },
  ])('takes the token nowhere else: %j', async (headers) => {
    const story = await waiting(['POST', path], [{ status: 202, headers }])
    expect([story.code, story.asked.length, story.stdout]).toEqual([5, 1, ''])
    expect(story.stderr).toMatch(
      /error: the operation is to be followed at \S+, where the token may not go\n/,
    )
    expect(story.stderr).not.toContain('hush')
  })

  it('is nothing where there is nothing to wait for', async () => {
    expect(await waiting(['GET', path], [{ body: 'x' }])).toMatchObject({ code: 0, stdout: 'x' })
    expect(await waiting(['PUT', path], [{ status: 409, body: 'x' }])).toMatchObject({ code: 1, stdout: 'x' })
  })
})
