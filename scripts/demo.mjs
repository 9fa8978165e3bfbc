// From nothing to a token in a minute: starts the sandbox, makes profiles, gets, inspects, checks, renews and uses
// tokens, and says what it does. Works in folders of its own, which are gone afterwards.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const program = resolve('dist/main.cjs')
const home = mkdtempSync(join(tmpdir(), 'entra-auth-cli-demo-'))
const env = {
  ...process.env,
  ENTRA_AUTH_CLI_CONFIG_DIR: join(home, 'config'),
  ENTRA_AUTH_CLI_CACHE_DIR: join(home, 'cache'),
  // A throw-away key, so that the demo leaves nothing in your keychain.
  ENTRA_AUTH_CLI_KEY: '00'.repeat(32),
  // A scripted browser signs in as Alice; with a real one a person would.
  ENTRA_AUTH_CLI_INTERACTIVE: '1',
  BROWSER: `${process.execPath} ${program} sandbox sign-in`,
  CI: '',
}
// The seeded daemon's: it protects nothing.
const daemonSecret = 'sandbox~daemon-secret'

const bold = (text) => (process.stdout.isTTY ? `\u001b[1m${text}\u001b[22m` : text)
const dim = (text) => (process.stdout.isTTY ? `\u001b[2m${text}\u001b[22m` : text)

const sandbox = spawn(process.execPath, [program, 'sandbox', '--port', '0', '--json', '--quiet'], {
  env,
  stdio: ['ignore', 'pipe', 'inherit'],
})
try {
  await demo(await ready(sandbox))
} catch (error) {
  console.error(`\nThe demo failed: ${error.message}`)
  process.exitCode = 1
} finally {
  sandbox.kill('SIGINT')
  rmSync(home, { recursive: true, force: true })
}

async function demo({ origin, caFile, tenantId, apps }) {
  const common = ['--tenant-id', tenantId, '--authority', origin, '--ca-file', caFile]

  step('A local tenant that behaves like Entra', `It answers at ${origin}; nothing leaves this machine.`)

  step('A profile for a job: its secret comes by stdin and is sealed at once')
  run(
    [
      'config',
      'create',
      '-n',
      'job',
      ...common,
      '--client-id',
      apps.daemonWithSecret,
      '--client-secret',
      '-',
    ],
    daemonSecret,
  )
  step('Its token, alone on stdout, ready for a pipe')
  run(['get-token', '-p', 'job'])
  step('Once more: from the cache, without a request')
  run(['discover', '-p', 'job', '-o', 'text'])

  step('A profile for a person, who signs in in a browser (here a scripted one)')
  run(['config', 'create', '-n', 'alice', ...common, '--client-id', apps.desktop, '--scope', 'User.Read'])
  const token = run(['get-token', '-p', 'alice', '--silent'])
  step('What is in it')
  run(['inspect', '-o', 'pretty'], token)
  step('Renewed by the refresh token; nobody is asked')
  run(['refresh', '-p', 'alice'])
  step('Used: the token goes to curl by stdin and stands in no process list')
  const header = run(['get-token', '-p', 'alice', '-o', 'header'], undefined, { show: false })
  await useToken(header, `${origin}/v1.0/me`, caFile)
  step('A wrong secret: one fact, one next step, exit code 2')
  run(['get-token', '-p', 'job', '--force', '--client-secret', '-'], 'wrong', { expect: 2 })

  console.log(
    `\n${bold('Done.')} Start it yourself with "entra-auth-cli sandbox", and see README.md for recipes.`,
  )
}

function step(title, more) {
  console.log(`\n${bold(`— ${title}`)}${more ? `\n  ${more}` : ''}`)
}

/** Runs the program, shows the command and what it says, and stops the demo if it ends otherwise than expected. */
function run(args, input, { expect = 0, show = true } = {}) {
  console.log(dim(`$ ${input === undefined ? '' : '… | '}entra-auth-cli ${args.map(shortened).join(' ')}`))
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, ...args], {
    env,
    input: input ?? '',
    encoding: 'utf8',
  })
  process.stdout.write(indented(stderr))
  if (show) process.stdout.write(indented(stdout.replace(/eyJ[\w-]+\.[\w-]+\.[\w-]*/g, shortened)))
  if (status !== expect) throw new Error(`"${args.join(' ')}" ended with ${status}, expected ${expect}`)
  return stdout
}

async function useToken(header, url, caFile) {
  console.log(dim(`$ … | curl -H @- ${url}`))
  const { request } = await import('node:https')
  const { readFileSync } = await import('node:fs')
  const [name, value] = header.trim().split(': ')
  const answer = await new Promise((done, fail) => {
    const sent = request(url, { ca: readFileSync(caFile), headers: { [name]: value } }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk) => (body += chunk))
      response.on('end', () => done({ status: response.statusCode, body }))
    })
    sent.on('error', fail).end()
  })
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}: ${answer.body}`)
  const { displayName, userPrincipalName } = JSON.parse(answer.body)
  console.log(indented(JSON.stringify({ displayName, userPrincipalName })))
}

/** The sandbox's one line of JSON. */
function ready(child) {
  return new Promise((done, fail) => {
    createInterface({ input: child.stdout }).once('line', (line) => done(JSON.parse(line)))
    child.once('exit', (code) => fail(new Error(`the sandbox ended with ${code}`)))
  })
}

function shortened(text) {
  return text.length > 60 ? `${text.slice(0, 40)}…` : text
}

function indented(text) {
  return text.replace(/^(?=.)/gm, '  ')
}
