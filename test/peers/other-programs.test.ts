/** Programs that nobody here wrote, with tokens of ours: git, kubectl, curl, and what docker calls. */
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { programUnderTest } from '../support/session/environment.ts'
import { required } from './program.ts'
import { devOpsAppId, registryApi, startProgramsWorld, type ProgramsWorld } from './programs-world.ts'

interface Asked {
  readonly host: string
  readonly path: string
  readonly authorization: string | undefined
}

let world: ProgramsWorld
let asked: Asked[]

beforeAll(async () => {
  const names = ['dev.azure.com', 'contoso.visualstudio.com', 'git.example.org', 'contoso.azurecr.io']
  world = await startProgramsWorld(names, answer)
})
afterAll(() => world?.end())
beforeEach(() => (asked = []))

/** Runs a program in the world. @throws what it said, where it fails */
async function run(program: string, words: readonly string[], env: Record<string, string> = {}) {
  const options = { cwd: world.workFolder, env: { ...world.env, ...env }, timeout: 60_000 }
  return promisify(execFile)(program, words, options)
}

/** The servers: a git repository for whoever shows a token, an API of Kubernetes, and a registry. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const { authorization, host = '' } = request.headers
  const path = new URL(request.url ?? '', 'https://localhost').pathname
  asked.push({ host, path, authorization })
  if (path === '/oauth2/exchange') return exchange(request, response)
  // git shows the name of an address first, with an empty password.
  if (tokenIn(authorization) === '') {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="https://dev.azure.com/"' }).end()
    return
  }
  if (host.startsWith('localhost')) {
    const isKnown = audienceOf(tokenIn(authorization)) === 'https://management.azure.com'
    response.writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ major: '1', minor: '32', gitVersion: 'v1.32.0' }))
    return
  }
  // The simple protocol of git: the files of the repository as they are.
  const file = join(world.root, 'served.git', path.replace(/^\/contoso\/_git\/demo\//, ''))
  response.writeHead(existsSync(file) ? 200 : 404)
  response.end(existsSync(file) ? readFileSync(file) : '')
}

/** The token that a server was shown, as such or as a password; '' for none. */
function tokenIn(authorization = ''): string {
  const [scheme, credentials = ''] = authorization.split(' ')
  if (scheme === 'Bearer') return credentials
  return Buffer.from(credentials, 'base64')
    .toString('utf8')
    .replace(/^[^:]*:/, '')
}

const audienceOf = (token: string) => decodeJwt(token).aud

describe('git', () => {
  beforeAll(async () => {
    required('/usr/bin/git', 'git')
    const made = join(world.root, 'made')
    mkdirSync(made)
    writeFileSync(join(made, 'README'), 'a repository\n')
    const author = ['-c', 'user.name=Bob', '-c', 'user.email=bob@contoso.com', '-C', made]
    await run('git', [...author, 'init', '-q'])
    await run('git', [...author, 'add', 'README'])
    await run('git', [...author, 'commit', '-q', '-m', 'first'])
    await run('git', ['clone', '-q', '--bare', made, join(world.root, 'served.git')])
    await run('git', ['-C', join(world.root, 'served.git'), 'update-server-info'])
    await run('git', ['config', '--global', 'http.sslCAInfo', world.caFile])
    await run('git', ['config', '--global', 'http.proxy', world.proxy.url])
    const helper = '!entra-auth-cli git-credential -p ci'
    // For every address, which is more than the manual says: what is not for Azure DevOps must be passed by.
    await run('git', ['config', '--global', 'credential.helper', helper])
  })

  it.each(['https://dev.azure.com', 'https://bob@dev.azure.com', 'https://contoso.visualstudio.com'])(
    'clones from %s with a token of the profile',
    async (origin) => {
      const folder = join(world.workFolder, new URL(origin).host + new URL(origin).username)
      await run('git', ['clone', '-q', `${origin}/contoso/_git/demo`, folder])
      expect(readFileSync(join(folder, 'README'), 'utf8')).toBe('a repository\n')
      const tokens = asked.map(({ authorization }) => tokenIn(authorization)).filter(Boolean)
      expect(tokens.length).toBeGreaterThan(2)
      expect(new Set(tokens.map(audienceOf))).toEqual(new Set([devOpsAppId]))
    },
  )

  it('sends what it speaks: a bearer token from 2.46 on, a password before', async () => {
    const [, major, minor] = /(\d+)\.(\d+)/.exec((await run('git', ['--version'])).stdout) ?? []
    await run('git', ['ls-remote', 'https://dev.azure.com/contoso/_git/demo'])
    const speaksBearer = Number(major) > 2 || Number(minor) >= 46
    expect(asked.at(-1)?.authorization).toMatch(speaksBearer ? /^Bearer / : /^Basic /)
  })

  it('shows no other server a token', async () => {
    const asking = run('git', ['ls-remote', 'https://git.example.org/contoso/_git/demo'], {
      GIT_TERMINAL_PROMPT: '0',
    })
    await expect(asking).rejects.toThrow(/could not read Username/)
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.filter(({ authorization }) => authorization !== undefined)).toEqual([])
  })
})

describe('kubectl', () => {
  it('calls an API with a token of its plug-in, in each version of the protocol that it speaks', async () => {
    const kubectl = required('/usr/bin/kubectl', 'kubernetes-client')
    const { clientVersion } = JSON.parse(
      (await run(kubectl, ['version', '--client', '-o', 'json'])).stdout,
    ) as {
      clientVersion: { minor: string }
    }
    const versions = Number.parseInt(clientVersion.minor, 10) >= 22 ? ['v1', 'v1beta1'] : ['v1beta1']
    for (const version of versions) {
      asked = []
      writeFileSync(join(world.root, 'kubeconfig'), JSON.stringify(kubeconfig(version)))
      const { stdout } = await run(kubectl, ['get', '--raw', '/version'], {
        KUBECONFIG: join(world.root, 'kubeconfig'),
      })
      expect(JSON.parse(stdout)).toMatchObject({ gitVersion: 'v1.32.0' })
      expect(asked.at(-1)?.authorization).toMatch(/^Bearer eyJ/)
    }
  })

  const kubeconfig = (version: string) => ({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'contoso',
    contexts: [{ name: 'contoso', context: { cluster: 'contoso', user: 'contoso' } }],
    clusters: [
      {
        name: 'contoso',
        cluster: { server: `https://localhost:${world.port}`, 'certificate-authority': world.caFile },
      },
    ],
    users: [
      {
        name: 'contoso',
        user: {
          exec: {
            apiVersion: `client.authentication.k8s.io/${version}`,
            command: 'entra-auth-cli',
            args: ['get-token', '-p', 'ci', '-o', 'exec-credential'],
            interactiveMode: 'IfAvailable',
          },
        },
      },
    ],
  })
})

describe('curl', () => {
  it('reads its header from a pipe', async () => {
    const url = `${world.sandbox.origin}/subscriptions?api-version=2020-01-01`
    const command = `entra-auth-cli get-token -p ci -o header | curl -sS --cacert "$0" -H @- "$1"`
    const { stdout } = await run('sh', ['-c', command, world.sandbox.caFile, url])
    expect(JSON.parse(stdout)).toMatchObject({ value: [{ displayName: 'Contoso Production' }, {}] })
  })
})

/** What a registry asks of a token, and gives for it. @see https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md */
function exchange(request: IncomingMessage, response: ServerResponse): void {
  let body = ''
  request.setEncoding('utf8').on('data', (piece: string) => (body += piece))
  request.on('end', () => {
    const form = new URLSearchParams(body)
    const isGood =
      form.get('grant_type') === 'access_token' &&
      form.get('service') === request.headers.host &&
      audienceOf(form.get('access_token') ?? '') === registryApi &&
      decodeJwt(form.get('access_token') ?? '')['tid'] === form.get('tenant')
    response.writeHead(isGood ? 200 : 401, { 'content-type': 'application/json' })
    response.end(JSON.stringify(isGood ? { refresh_token: 'a.refresh.token' } : { errors: [] }))
  })
}

describe('what docker calls', () => {
  const program = () => join(world.root, 'bin', 'docker-credential-entra-auth-cli')
  beforeEach(() => {
    rmSync(program(), { force: true })
    writeFileSync(program(), '#!/bin/sh\nexec entra-auth-cli docker-credential -p ci "$@"\n', { mode: 0o755 })
  })

  /** As docker does: the operation as an argument, the server on stdin. */
  async function called(operation: string, server: string) {
    const env = { HTTPS_PROXY: world.proxy.url, NO_PROXY: 'localhost', NODE_EXTRA_CA_CERTS: world.caFile }
    const command = `printf %s "$1" | docker-credential-entra-auth-cli ${operation}`
    return run('sh', ['-c', command, 'sh', server], env)
  }

  it('exchanges a token at the registry', async () => {
    const { stdout, stderr } = await called('get', 'contoso.azurecr.io')
    expect(JSON.parse(stdout)).toEqual({
      ServerURL: 'contoso.azurecr.io',
      Username: '00000000-0000-0000-0000-000000000000',
      Secret: 'a.refresh.token',
    })
    expect(stderr).toBe('')
  })

  it('can be a link to the program itself', async () => {
    rmSync(program())
    symlinkSync(programUnderTest().at(-1)!, program())
    const { stdout } = await called('get', 'contoso.azurecr.io')
    expect(JSON.parse(stdout)).toMatchObject({ Secret: 'a.refresh.token' })
  })

  it('has nothing for another registry', async () => {
    await expect(called('get', 'https://index.docker.io/v1/')).rejects.toMatchObject({
      code: 1,
      stdout: 'credentials not found in native keychain\n',
      stderr: '',
    })
  })
})
