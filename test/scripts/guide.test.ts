/**
 * Every shell block of docs/working-with-tokens.md, run by bash as printed, against the sandbox. What differs from a
 * reader's machine: profiles lead to the sandbox, curl finds Microsoft's hosts there, and a script signs in.
 */
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { decodeJwt, UnsecuredJWT } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { contosoId, seedApps, seedPassword, seedSecrets } from '../../sandbox/seed.ts'
import { startSandbox, type Sandbox } from '../../sandbox/server.ts'
import { cli, pty, succeeded } from '../support/cli.ts'
import { seatPerson, type PersonAtBrowser } from '../support/person-at-browser.ts'
import { guideBlocks, runBlock, type GuideBlock } from '../support/session.ts'
import { makeWorld, type World } from '../support/session/environment.ts'
import type { CommandResult } from '../support/session/shell.ts'

const page = resolve(import.meta.dirname, '../../docs/working-with-tokens.md')
const blocks = guideBlocks(page)
const hosts = [
  'graph.microsoft.com',
  'management.azure.com',
  'api.contoso.com',
  'api.example.com',
  'correct-api.com',
]
/** Where the page's scripts write outside the folder they run in. */
const sharedFiles = ['/tmp/token.txt', '/tmp/my-token-cache.txt', '/tmp/token-myprofile.txt']
const shortenedToken = 'eyJ0eXAiOiJKV1QiLCJh...'
const graph = 'https://graph.microsoft.com'

let sandbox: Sandbox
let person: PersonAtBrowser
let world: World
let sandboxFolder: string

beforeAll(async () => {
  sandboxFolder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  sandbox = await startSandbox({ folder: sandboxFolder, port: 0, hostNames: hosts })
  person = await seatPerson({
    ca: readFileSync(sandbox.caFile, 'utf8'),
    answers: { username: 'bob@contoso.com', password: seedPassword, consent: 'accept' },
  })
  world = makeWorld({
    ENTRA_AUTH_CLI_KEY: '0123456789abcdef'.repeat(4),
    // A person is there to sign in, although no stream is a terminal.
    ENTRA_AUTH_CLI_INTERACTIVE: '1',
    BROWSER: person.command,
  })
  writeFileSync(join(world.home, '.curlrc'), curlConfiguration())
  for (const file of sharedFiles) {
    // What stands aside already is the reader's own, left there by a run that broke off.
    if (existsSync(file) && !existsSync(`${file}.aside`)) renameSync(file, `${file}.aside`)
  }

  await createProfile('myprofile', seedApps.desktop, [`${graph}/User.Read`])
  await createProfile('graph-profile', seedApps.desktop, [`${graph}/User.Read`])
  await createProfile('azure-profile', seedApps.desktop, ['https://management.azure.com/user_impersonation'])
  await createProfile('custom-api', seedApps.desktop, ['https://api.contoso.com/access_as_user'])
  // Signed in once, as the page takes for granted.
  await tokenOf()
})

afterAll(async () => {
  for (const file of sharedFiles) if (existsSync(`${file}.aside`)) renameSync(`${file}.aside`, file)
  world?.remove()
  await person?.close()
  await sandbox?.close()
  rmSync(sandboxFolder, { recursive: true, force: true })
})

beforeEach(() => removeFiles())
afterEach(() => removeFiles())

function removeFiles() {
  for (const file of [...sharedFiles, join(world.workFolder, 'token.txt')]) rmSync(file, { force: true })
}

function curlConfiguration(): string {
  const connectTo = hosts.map((host) => `connect-to = "${host}:443:127.0.0.1:${sandbox.port}"`)
  return [`cacert = "${sandbox.caFile}"`, ...connectTo, ''].join('\n')
}

async function createProfile(name: string, clientId: string, scopes: string[], more: string[] = []) {
  const where = ['--tenant-id', contosoId, '--authority', sandbox.origin, '--ca-file', sandbox.caFile]
  const flow = more.length > 0 ? more : ['--flow', 'interactive-browser']
  const words = [
    'config',
    'create',
    '-n',
    name,
    '--client-id',
    clientId,
    ...where,
    '--scope',
    scopes.join(' '),
    ...flow,
  ]
  succeeded(await cli(words, { world }))
}

/** The block that has this line, which stands in one block of the page only. */
function blockWith(line: string): GuideBlock {
  const [found, second] = blocks.filter(({ script }) => script.includes(line))
  if (!found || second)
    throw new Error(`"${line}" is in ${found ? 'several blocks' : 'no block'} of the page`)
  return found
}

interface Circumstances {
  readonly env?: Readonly<Record<string, string>>
  /** Bash to run after the block in the same shell, to look at what it set. */
  readonly epilogue?: string
}

function run(block: GuideBlock, { env = {}, epilogue = '' }: Circumstances = {}): Promise<CommandResult> {
  return runBlock(block, { cwd: world.workFolder, env: { ...world.env, ...env } }, epilogue)
}

/** The same block with a whole token where the page shortens one. */
function withToken(block: GuideBlock, token: string): GuideBlock {
  expect(block.script).toContain(shortenedToken)
  return { ...block, script: block.script.replaceAll(shortenedToken, token) }
}

async function tokenOf(profile = 'myprofile'): Promise<string> {
  const { stdout } = succeeded(await cli(['get-token', '-p', profile, '--silent'], { world }))
  return stdout.trimEnd()
}

/** A token that ends at this distance from now; signed by nobody, as only a server would notice. */
function tokenEndingIn(seconds: number): string {
  const exp = Math.floor(Date.now() / 1000) + seconds
  const token = new UnsecuredJWT({ aud: graph, scp: 'User.Read' })
    .setIssuedAt(exp - 3600)
    .setExpirationTime(exp)
  return `${token.encode()}c2lnbmF0dXJl`
}

const expiredToken = tokenEndingIn(-60)
const jwtLine = /^[\w-]+\.[\w-]+\.[\w-]+\n$/
const workFile = (name: string) => join(world.workFolder, name)
const putToken = (text: string) => writeFileSync(workFile('token.txt'), text)
const savedToken = () => readFileSync(workFile('token.txt'), 'utf8')
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)
/** Requests that reached one of the hosts the page calls with curl, as `GET 200`. */
const callsTo = (host: string) =>
  sandbox.requests
    .filter((request) => request.host.startsWith(host))
    .map(({ method, status }) => `${method} ${status}`)
const tokenRequestCount = () => sandbox.requests.filter(({ path }) => path.endsWith('/token')).length

/** Runs with a program that cannot get a token: no profile is there. */
const failing = { ENTRA_AUTH_CLI_CONFIG_DIR: '/nonexistent/entra-auth-cli' }

describe('the guide', () => {
  it('has 28 shell blocks', () => {
    expect(blocks).toHaveLength(28)
  })

  it.each([
    ['Inspect token', /"payload": \{/],
    ['Inspect from file', /"payload": \{/],
    ['Discover token info', /"valid": true/],
    ['Refresh token', jwtLine],
    ['Check expiration', /^\d+\n$/],
  ])('does what its quick reference says: %s', async (task, printed) => {
    const row =
      readFileSync(page, 'utf8')
        .split('\n')
        .find((line) => line.startsWith(`| ${task} `)) ?? ''
    const command = /`(.*)`/.exec(row)?.[1]?.replaceAll('\\|', '|') ?? ''
    const token = await tokenOf()
    putToken(`${token}\n`)
    const script = command.replace('TOKEN', token).replace('PROFILE', 'myprofile')
    const { stdout, exitCode } = await run({ script, line: 0 })
    expect(stdout).toMatch(printed)
    expect(exitCode).toBe(0)
  })
})

describe('inspection', () => {
  const decode = blockWith(`inspect -t "${shortenedToken}"`)

  it('calls the shortened token of the page what it is', async () => {
    const { stdout, stderr, exitCode } = await run(decode)
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 })
    expect(stderr).toMatch(/invalid token/i)
  })

  it('decodes a whole token and asks nobody', async () => {
    const token = await tokenOf()
    const before = sandbox.requests.length
    const { stdout, stderr } = await run(withToken(decode, token))
    const [, , signature] = token.split('.')
    expect(JSON.parse(stdout)).toMatchObject({ header: { typ: 'JWT' }, payload: decodeJwt(token), signature })
    expect(stderr).toBe('')
    expect(sandbox.requests).toHaveLength(before)
  })

  it('reads a file that holds the token and a line break', async () => {
    const { stdout, exitCode } = await run(blockWith('inspect -f token.txt\n'))
    expect(JSON.parse(stdout)).toMatchObject({ payload: { aud: graph, upn: 'bob@contoso.com' } })
    expect(exitCode).toBe(0)
    expect(savedToken()).toMatch(jwtLine)
  })

  it('reads from a pipeline', async () => {
    const { stdout, stderr } = await run(blockWith('| entra-auth-cli inspect\n'))
    expect(JSON.parse(stdout)).toMatchObject({ payload: { aud: graph } })
    expect(stderr).toBe('')
  })

  it('leaves an empty file and fails when there was no token to get', async () => {
    const { stdout, exitCode } = await run(blockWith('inspect -f token.txt\n'), { env: failing })
    expect(stdout).toBe('')
    expect(exitCode).not.toBe(0)
    expect(savedToken()).toBe('')
  })
})

describe('discovery', () => {
  const quickInfo = blocks.find(
    ({ script }) => script === `entra-auth-cli discover -t "${shortenedToken}"\n`,
  )!
  const validity = blockWith('&& echo "Valid" || echo "Expired"')

  it('tells piped readers in JSON', async () => {
    const token = await tokenOf()
    const { stdout, exitCode } = await run(withToken(quickInfo, token))
    expect(JSON.parse(stdout)).toMatchObject({ valid: true, exp: decodeJwt(token).exp, audience: graph })
    expect(exitCode).toBe(0)
  })

  it('tells people on a terminal in the words of the page', async () => {
    const { terminal } = await pty(['discover', '-t', await tokenOf()], { world })
    const labels = [
      'Token Information',
      'Audience',
      'Issued',
      'Expires',
      'Time remaining',
      'Scopes',
      'Application ID',
      'Tenant ID',
    ]
    expect(terminal.match(/^ *[\w ]+(?=:)/gm)?.map((label) => label.trim())).toEqual(labels)
    expect(terminal).toMatch(/Expires: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/)
  })

  it('fails for the shortened token', async () => {
    expect(await run(quickInfo)).toMatchObject({ stdout: '', exitCode: 1 })
  })

  it.each([
    ['Valid', 'one that lives', () => tokenOf()],
    ['Expired', 'one that ended', () => expiredToken],
    ['Expired', 'none at all', () => shortenedToken],
  ])('answers %s for %s', async (answer, _name, token) => {
    const { stdout } = await run(withToken(validity, await token()))
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(answer)
  })

  it('gives the expiration as a number that date understands', async () => {
    const block = blockWith('date -d @$EXP')
    for (const token of [await tokenOf(), expiredToken]) {
      const { exp = 0 } = decodeJwt(token)
      const { stdout } = await run(block, {
        env: { TOKEN: token },
        epilogue: 'date -u -d @$EXP +%FT%T; echo $EXP',
      })
      const iso = new Date(exp * 1000).toISOString().slice(0, 19)
      expect(stdout.trimEnd().split('\n').slice(-2)).toEqual([iso, String(exp)])
    }
  })

  it('gives no expiration at all, never "null", for what is no token', async () => {
    const pipefail = {
      script: `set -o pipefail\n${blockWith('date -d @$EXP').script.split('\n').slice(0, 2).join('\n')}\n`,
      line: 0,
    }
    const { stdout, exitCode } = await run(pipefail, {
      env: { TOKEN: 'garbage' },
      epilogue: 'status=$?; echo "[$EXP]"; exit $status',
    })
    expect({ stdout, exitCode }).toEqual({ stdout: '[]\n', exitCode: 1 })
  })

  it('checks the expiration of $TOKEN', async () => {
    const block = blocks.find(({ script }) => script === 'entra-auth-cli discover -t "$TOKEN"\n')!
    expect(await run(block, { env: { TOKEN: await tokenOf() } })).toMatchObject({ exitCode: 0, stderr: '' })
    expect(await run(block, { env: { TOKEN: expiredToken } })).toMatchObject({ exitCode: 1 })
    expect(await run(block, { env: { TOKEN: '' } })).toMatchObject({
      exitCode: 1,
      stdout: '',
    })
  })
})

describe('refresh', () => {
  const refresh = blockWith('refresh -p myprofile')

  it('prints a new token and says so on stderr, without asking anybody', async () => {
    const before = await tokenOf()
    const visits = person.visits.length
    const { stdout, stderr, exitCode } = await run(refresh)
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(jwtLine)
    expect(stdout.trimEnd()).not.toBe(before)
    expect(stderr).toBe("Refreshing token for profile 'myprofile'...\n✓ Token refreshed successfully\n")
    expect(person.visits).toHaveLength(visits)
  })

  it('is what get-token hands out from then on', async () => {
    const { stdout } = await run(refresh)
    expect(await tokenOf()).toBe(stdout.trimEnd())
  })

  it('requests a new token for an app, and says why', async () => {
    writeFileSync(workFile('secret.txt'), `${seedSecrets.daemonWithSecret}\n`, { mode: 0o600 })
    await createProfile(
      'daemon',
      seedApps.daemonWithSecret,
      [`${graph}/.default`],
      ['--client-secret-file', 'secret.txt'],
    )
    const { stdout, stderr, exitCode } = await run({
      script: refresh.script.replace('myprofile', 'daemon'),
      line: 0,
    })
    expect(exitCode).toBe(0)
    expect(decodeJwt(stdout.trimEnd())).toMatchObject({ appid: seedApps.daemonWithSecret })
    expect(stderr).toContain('no refresh token')
  })
})

describe('calling APIs', () => {
  it('reads the signed-in person from Microsoft Graph', async () => {
    const { stdout, exitCode } = await run(blockWith('-p graph-profile --silent'), {
      epilogue: 'echo; echo "$TOKEN"',
    })
    const [answer, token] = stdout.trimEnd().split(/\n(?=[\w.-]+$)/) as [string, string]
    expect(JSON.parse(answer)).toMatchObject({ userPrincipalName: 'bob@contoso.com' })
    expect(`${token}\n`).toMatch(jwtLine)
    expect(exitCode).toBe(0)
  })

  it('lists subscriptions with a token for Azure Resource Manager', async () => {
    const { stdout } = await run(blockWith('subscriptions?api-version=2020-01-01'))
    expect(JSON.parse(stdout)).toMatchObject({ value: [{ tenantId: contosoId }, { tenantId: contosoId }] })
  })

  it('posts to a custom API', async () => {
    const { stdout } = await run(blockWith('-p custom-api --silent'))
    expect(JSON.parse(stdout)).toMatchObject({ key: 'value' })
    expect(callsTo('api.contoso.com').at(-1)).toBe('POST 201')
  })
})

describe('client-side validation', () => {
  it.each([
    ['a valid token', () => tokenOf(), /^Token valid for (?:[4-9]|\d\d+) minutes\n$/],
    ['an expired token', () => expiredToken, /^Token expired\n$/],
  ])('tells the expiration of %s', async (_name, token, printed) => {
    const { stdout, stderr } = await run(blockWith('echo "Token expired"'), { env: { TOKEN: await token() } })
    expect(stdout).toMatch(printed)
    expect(stderr).toBe('')
  })

  it.each([
    ['myprofile', 'Valid for Graph API\n'],
    ['azure-profile', /^Wrong audience: https:\/\/management\.azure\.com\/?\n$/],
  ])('verifies the audience of the token of %s', async (profile, printed) => {
    const { stdout } = await run(blockWith('Valid for Graph API'), { env: { TOKEN: await tokenOf(profile) } })
    expect(stdout).toMatch(printed)
  })
})

describe('pattern 1: check before use', () => {
  const block = blockWith('if entra-auth-cli discover -f token.txt &>/dev/null; then')

  it('uses the token of the file while it is valid', async () => {
    const kept = tokenEndingIn(600)
    putToken(`${kept}\n`)
    expect(await run(block, { epilogue: 'echo "$TOKEN"' })).toEqual({
      stdout: `${kept}\n`,
      stderr: '',
      exitCode: 0,
    })
  })

  it.each([
    ['is missing', undefined],
    ['is empty', ''],
    ['holds garbage', 'garbage\n'],
    ['holds an expired token', `${expiredToken}\n`],
  ])('gets a new one when the file %s', async (_name, content) => {
    if (content !== undefined) putToken(content)
    const { stdout, exitCode } = await run(block, { epilogue: 'echo "$TOKEN"' })
    expect(stdout).toMatch(jwtLine)
    expect(decodeJwt(stdout.trimEnd())).toMatchObject({ upn: 'bob@contoso.com' })
    expect(savedToken()).toBe(stdout)
    expect(exitCode).toBe(0)
  })

  it('has nothing in $TOKEN when no token could be had', async () => {
    const { stdout } = await run(block, { env: failing, epilogue: 'echo "[$TOKEN]"' })
    expect(stdout).toBe('[]\n')
  })
})

describe('pattern 2: catch API errors', () => {
  const block = blockWith('RESPONSE=$(curl -s -w "%{http_code}"')

  it('keeps a token that the API takes', async () => {
    const token = await tokenOf()
    putToken(`${token}\n`)
    const { stdout } = await run(block, { epilogue: 'echo "$RESPONSE"' })
    expect(stdout).toMatch(/"userPrincipalName":\s*"bob@contoso\.com".*200\n$/s)
    expect(savedToken()).toBe(`${token}\n`)
  })

  it('gets a new one and tries again when the API refuses', async () => {
    putToken(`${expiredToken}\n`)
    const before = callsTo('graph.microsoft.com').length
    const { stdout } = await run(block)
    expect(JSON.parse(stdout)).toMatchObject({ userPrincipalName: 'bob@contoso.com' })
    expect(callsTo('graph.microsoft.com').slice(before)).toEqual(['GET 401', 'GET 200'])
    expect(savedToken()).toMatch(jwtLine)
  })
})

describe('pattern 3: preemptive refresh', () => {
  const block = blockWith('if [ $REMAINING -lt 5 ]; then')

  it('keeps a token with more than five minutes left', async () => {
    const kept = `${tokenEndingIn(600)}\n`
    putToken(kept)
    expect(await run(block)).toMatchObject({ exitCode: 0, stderr: '' })
    expect(savedToken()).toBe(kept)
  })

  it.each([
    ['less than five minutes left', () => tokenEndingIn(240)],
    ['been over for a while', () => expiredToken],
    ['turned to garbage', () => 'garbage'],
  ])('replaces a token that has %s', async (_name, token) => {
    putToken(`${token()}\n`)
    await run(block)
    const { exp = 0 } = decodeJwt(savedToken().trimEnd())
    expect(exp - Date.now() / 1000).toBeGreaterThan(300)
  })
})

describe('storage', () => {
  it('exports the token, and keeps it in a file nobody else can read', async () => {
    const { stdout, stderr } = await run(blockWith('> /tmp/token.txt'), { epilogue: 'printenv TOKEN' })
    expect(stdout).toMatch(jwtLine)
    expect(stderr).toBe('')
    expect(readFileSync('/tmp/token.txt', 'utf8')).toBe(stdout)
    expect(mode('/tmp/token.txt')).toBe('600')
  })

  it('signs in anew after the cache was deleted, and needs nobody before that', async () => {
    const block = blockWith('rm -rf ~/.msal/cache')
    await tokenOf()
    expect(existsSync(join(world.home, '.msal/cache'))).toBe(true)
    const visits = person.visits.length
    await tokenOf()
    expect(person.visits).toHaveLength(visits)
    const { stdout, exitCode } = await run(block)
    expect(stdout).toMatch(jwtLine)
    expect(exitCode).toBe(0)
    expect(person.visits).toHaveLength(visits + 1)
  })

  it('takes a cache that is not there for no error', async () => {
    rmSync(join(world.home, '.msal'), { recursive: true, force: true })
    expect(await run(blockWith('rm -rf ~/.msal/cache'))).toMatchObject({ exitCode: 0 })
  })

  it('ends with exit code 7, at once, when the cache was deleted and nobody is there', async () => {
    const nobody = { ENTRA_AUTH_CLI_INTERACTIVE: '0' }
    const { stdout, stderr, exitCode } = await run(blockWith('rm -rf ~/.msal/cache'), { env: nobody })
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 7 })
    expect(stderr).toMatch(/^error: /m)
  })
})

describe('secure token handling', () => {
  const block = blockWith('TOKEN_FILE=$(mktemp)')
  const temporaryFiles = async () =>
    (await run({ script: 'find "$TMPDIR" -type f | wc -l', line: 0 })).stdout.trim()

  it('uses the token from a file that is gone afterwards', async () => {
    const before = await temporaryFiles()
    const { stdout, exitCode } = await run(block)
    expect(exitCode).toBe(0)
    expect(stdout).not.toBe('')
    expect(callsTo('api.example.com').at(-1)).toBe('GET 200')
    expect(await temporaryFiles()).toBe(before)
  })

  it('stops at the failed command, and calls nobody without a token', async () => {
    const calls = callsTo('api.example.com').length
    const before = await temporaryFiles()
    const { stdout, exitCode } = await run(block, { env: failing })
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 3 })
    expect(callsTo('api.example.com')).toHaveLength(calls)
    expect(await temporaryFiles()).toBe(before)
  })
})

describe('common pattern 1: token in a script', () => {
  const block = blockWith('TOKEN=$(get_token "myprofile")')

  it('calls Graph with the token of a function', async () => {
    const { stdout } = await run(block)
    expect(JSON.parse(stdout)).toMatchObject({ userPrincipalName: 'bob@contoso.com' })
  })

  it('stops with the exit code of the failed command', async () => {
    expect(await run(block, { env: failing })).toMatchObject({ stdout: '', exitCode: 3 })
  })
})

describe('common pattern 2: cached token', () => {
  const printed = blockWith('stat -f %m "$TOKEN_CACHE"')
  const cache = '/tmp/my-token-cache.txt'

  it('gets a token as printed when there is none yet', async () => {
    const { stdout, exitCode } = await run(printed, { epilogue: 'echo "$TOKEN"' })
    expect(stdout).toMatch(jwtLine)
    expect(readFileSync(cache, 'utf8')).toBe(stdout)
    expect(mode(cache)).toBe('600')
    expect(exitCode).toBe(0)
  })

  /** As a reader on Linux mends it: the macOS line goes, the one below it comes to life. */
  const onLinux = {
    ...printed,
    script: printed.script
      .split('\n')
      .filter((line) => !line.includes('stat -f %m'))
      .map((line) => line.replace(/^(\s*)# (FILE_AGE=.*stat -c %Y)/, '$1$2'))
      .join('\n'),
  }

  it.each([
    ['keeps a file of 49 minutes', 49, false],
    ['replaces a file of 51 minutes', 51, true],
  ])('%s in its Linux form', async (_name, minutes, isReplaced) => {
    writeFileSync(cache, `${expiredToken}\n`)
    const then = Date.now() / 1000 - minutes * 60
    utimesSync(cache, then, then)
    const { stdout, stderr } = await run(onLinux, { epilogue: 'echo "$TOKEN"' })
    expect(stderr).toBe('')
    expect(stdout === `${expiredToken}\n`).toBe(!isReplaced)
    expect(stdout).toBe(readFileSync(cache, 'utf8'))
  })
})

describe('common pattern 3: token rotation', () => {
  const block = blockWith('TOKEN=$(get_valid_token "myprofile")')
  const file = '/tmp/token-myprofile.txt'

  it('gets a token once and uses it from then on', async () => {
    await run(block, { env: failing })
    expect(readFileSync(file, 'utf8')).toBe('')
    // The empty file of the failed run is no token: the next run gets one.
    expect(await run(block)).toMatchObject({ exitCode: 0 })
    const kept = readFileSync(file, 'utf8')
    expect(kept).toMatch(jwtLine)
    expect(mode(file)).toBe('600')
    expect(callsTo('api.example.com').at(-1)).toBe('GET 200')
    const before = tokenRequestCount()
    expect(await run(block)).toMatchObject({ exitCode: 0 })
    expect(readFileSync(file, 'utf8')).toBe(kept)
    expect(tokenRequestCount()).toBe(before)
  })
})

describe('common pattern 4: several profiles', () => {
  it('calls each API with the token of its own profile', async () => {
    const block = blockWith('declare -A TOKENS')
    const { stdout } = await run(block, { epilogue: 'echo; echo "$GRAPH_TOKEN"; echo "$AZURE_TOKEN"' })
    const tokens = stdout.trimEnd().split('\n').slice(-2)
    const audiences = tokens.map((token) => String(decodeJwt(token).aud).replace(/\/$/, ''))
    expect(audiences).toEqual([graph, 'https://management.azure.com'])
    expect(callsTo('graph.microsoft.com').at(-1)).toBe('GET 200')
    // As printed the call names no api-version, which Azure Resource Manager insists on.
    expect(callsTo('management.azure.com').at(-1)).toBe('GET 400')
    expect(stdout).toContain('MissingApiVersionParameter')
  })
})

describe('troubleshooting', () => {
  it('tells an invalid token and gets a fresh one', async () => {
    const block = blockWith('# Validate token format')
    const { stdout, stderr } = await run(block, { env: { TOKEN: 'garbage' }, epilogue: 'echo "$TOKEN"' })
    expect(stdout).toMatch(jwtLine)
    expect(stderr).toMatch(/invalid token/i)
  })

  it('gets a new token for an expired one', async () => {
    const { stdout } = await run(blockWith('# Get new token'), {
      env: { TOKEN: expiredToken },
      epilogue: 'echo "$TOKEN"',
    })
    expect(decodeJwt(stdout.trimEnd()).exp).toBeGreaterThan(Date.now() / 1000 + 300)
  })

  it('shows the scopes of a token, and gets others without saving them', async () => {
    const shown = await run(blockWith('jq .payload.scp'), { env: { TOKEN: await tokenOf() } })
    expect(shown.stdout).toMatch(/^".*\bUser\.Read\b.*"\n$/)
    const { stdout, exitCode } = await run(blockWith('User.Read Mail.Send'))
    expect(exitCode).toBe(0)
    expect(String(decodeJwt(stdout.trimEnd()).scp).split(' ')).toEqual(
      expect.arrayContaining(['User.Read', 'Mail.Send']),
    )
    const profile = await cli(['config', 'show', '-n', 'myprofile', '--output', 'json'], { world })
    expect(profile.stdout).toContain('User.Read')
    expect(profile.stdout).not.toContain('Mail.Send')
  })

  it('shows the audience of a token, and gets one for another API', async () => {
    const { stdout, exitCode } = await run(blockWith('https://correct-api.com/.default'), {
      env: { TOKEN: await tokenOf() },
    })
    const [audience, token] = stdout.trimEnd().split('\n') as [string, string]
    expect(exitCode).toBe(0)
    expect(audience).toBe(`"${graph}"`)
    expect(decodeJwt(token).aud).toBe('https://correct-api.com')
  })
})

describe('nobody there to sign in and nothing cached', () => {
  it.each(blocks.map((block) => [block.line, block] as const))(
    'no block waits: line %d',
    async (_line, block) => {
      const env = {
        ENTRA_AUTH_CLI_INTERACTIVE: '0',
        ENTRA_AUTH_CLI_CACHE_DIR: workFile('no-cache'),
        TOKEN: expiredToken,
      }
      const visits = person.visits.length
      // Rejects when the block is still running after the time-out.
      const { stdout } = await run(block, { env })
      expect(stdout).not.toMatch(/eyJ[\w-]+\.[\w-]+\./)
      expect(person.visits).toHaveLength(visits)
    },
  )
})
