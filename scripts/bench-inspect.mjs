// How many tokens `inspect --all` decodes in a second, from a file into a pipe that is read, and whether its memory
// stays as it is. Tokens are of the size Entra gives a user. Needs the built program.
import { spawn } from 'node:child_process'
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'

const wanted = 100_000

/**
 * Runs `inspect --all` over many tokens.
 * @param program the path of the built program
 * @param env its environment
 * @returns `perSecond` by the clock, `perCpuSecond` by the processor time of the process, which a busy machine leaves
 *   alone, `megabytes` (the most memory it held; undefined where the system does not tell) and `tokens`
 */
export async function benchInspectAll(program, env, tokens = 600_000) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-inspect-'))
  try {
    const file = join(folder, 'tokens.txt')
    await writeTokens(file, tokens)
    const began = performance.now()
    const child = spawn(process.execPath, [program, 'inspect', '--all', '-f', file], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let lines = 0
    let usage
    child.stdout.on('data', (piece) => {
      for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) lines++
      usage = usageOf(child.pid) ?? usage
    })
    const [code] = await once(child, 'close')
    const seconds = (performance.now() - began) / 1000
    if (code !== 0 || lines !== tokens) throw new Error(`${lines} of ${tokens} lines, exit code ${code}`)
    return {
      tokens,
      perSecond: Math.round(tokens / seconds),
      perCpuSecond: usage && Math.round(tokens / usage.cpuSeconds),
      megabytes: usage?.megabytes,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The row as docs/performance.md has it. */
export function inspectAllRow({ tokens, perSecond, perCpuSecond, megabytes }) {
  const count = (number) => number?.toLocaleString('en-US') ?? 'not told'
  return (
    `| \`inspect --all\` | wanted | by the clock | by processor time | most memory |\n|---|---|---|---|---|\n` +
    `| ${count(tokens)} tokens of a user, a second | ${count(wanted)} | ${count(perSecond)} | ${count(perCpuSecond)} | ${count(megabytes)} MB |`
  )
}

/** Linux tells what a process has used up to now; a clock tick is a hundredth of a second there. */
function usageOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [, peak] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return {
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / 100,
      megabytes: Math.round(Number(peak) / 1024),
    }
  } catch {
    return undefined
  }
}

async function writeTokens(path, tokens) {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const header = part({ typ: 'JWT', alg: 'RS256', x5t: 'x'.repeat(27), kid: 'x'.repeat(27) })
  const signature = Buffer.alloc(256, 7).toString('base64url')
  const file = createWriteStream(path)
  let lines = []
  for (let number = 0; number < tokens; number++) {
    const payload = part({
      aud: 'https://graph.microsoft.com',
      iss: 'https://sts.windows.net/87654321-4321-4321-4321-cba987654321/',
      iat: 1_700_000_000 + number,
      nbf: 1_700_000_000 + number,
      exp: 1_700_003_600 + number,
      acct: 0,
      acr: '1',
      aio: 'x'.repeat(120),
      amr: ['pwd', 'mfa'],
      app_displayname: 'An app',
      appid: '12345678-1234-1234-1234-123456789abc',
      appidacr: '0',
      idtyp: 'user',
      ipaddr: '203.0.113.7',
      name: `User ${number}`,
      oid: '11111111-2222-3333-4444-555555555555',
      rh: 'x'.repeat(50),
      scp: 'Directory.Read.All Mail.Read User.Read profile openid email',
      sub: 'x'.repeat(43),
      tid: '87654321-4321-4321-4321-cba987654321',
      unique_name: `user${number}@contoso.example`,
      upn: `user${number}@contoso.example`,
      uti: 'x'.repeat(22),
      ver: '1.0',
      wids: ['b79fbf4d-3ef9-4689-8143-76b194e85509'],
    })
    lines.push(`${header}.${payload}.${signature}\n`)
    if (lines.length === 1000) {
      if (!file.write(lines.join(''))) await once(file, 'drain')
      lines = []
    }
  }
  file.end(lines.join(''))
  await once(file, 'close')
}
