import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTerminal, type StreamOwner } from '../../../src/platform/terminal.ts'
import { type CompiledPlatform, compilePlatform } from './compiled.ts'

const run = promisify(execFile)

function owner(parts: Record<string, unknown>): StreamOwner {
  return { stdin: Readable.from([]), stdout: new PassThrough(), stderr: new PassThrough(), ...parts } as never
}

describe('the standard streams', () => {
  it('are read to their end, byte for byte', async () => {
    const stdin = Readable.from([
      Buffer.of(0xff, 0x00),
      Buffer.from('é').subarray(0, 1),
      Buffer.from('é').subarray(1),
    ])
    expect(await createTerminal(owner({ stdin })).stdin.readAll()).toEqual(Buffer.of(0xff, 0x00, 0xc3, 0xa9))
  })

  it('say what they are', () => {
    const stdout = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 })
    const terminal = createTerminal(owner({ stdout }))
    const { stdout: toTerminal, stderr: toPipe } = terminal
    expect([toTerminal.isTerminal, toTerminal.columns, toTerminal.rows]).toEqual([true, 80, 24])
    expect([toPipe.isTerminal, toPipe.columns, toPipe.rows]).toEqual([false, undefined, undefined])
    expect(terminal.stdin.isTerminal).toBe(false)
  })

  it('begin for every reader with what lay ready, and end there where that is everything', async () => {
    // The standard input of a test is whatever its runner has: only a process of its own can say.
    const stdin = Readable.from([Buffer.from('b')])
    const terminal = createTerminal(owner({ stdin }))
    expect(terminal.stdin.ready()).toEqual({ bytes: Buffer.alloc(0), isEverything: false })
    expect(String(await terminal.stdin.readAll())).toBe('b')
  })

  it('are not opened before they are used', () => {
    const untouchable = { get: () => expect.unreachable('opened') }
    const streams = Object.defineProperties(
      {},
      { stdin: untouchable, stdout: untouchable, stderr: untouchable },
    )
    expect(createTerminal(streams as never)).toBeDefined()
  })

  it('are flushed as often as one likes, and nothing is left behind', async () => {
    const stdout = new PassThrough()
    const terminal = createTerminal(owner({ stdout }))
    for (let times = 0; times < 20; times++) {
      terminal.stdout.write('x')
      stdout.read()
      await terminal.flushed()
    }
    expect(stdout.listenerCount('error')).toBe(1)
  })

  it('are read no further than memory goes: a pipe may have no end', async () => {
    const piece = Buffer.alloc(1024 * 1024)
    let read = 0
    const stdin = new Readable({
      read() {
        read++
        this.push(piece)
      },
    })
    await expect(createTerminal(owner({ stdin })).stdin.readAll()).rejects.toMatchObject({
      code: 'file_unusable',
      message: 'standard input holds more than 64 MB',
    })
    expect([stdin.destroyed, read < 70]).toEqual([true, true])
  })

  it('tell a folder given as stdin for what it is', async () => {
    const stdin = new Readable({
      read() {
        this.destroy(Object.assign(new Error('EISDIR'), { code: 'EISDIR' }))
      },
    })
    await expect(createTerminal(owner({ stdin })).stdin.readAll()).rejects.toMatchObject({
      code: 'file_unusable',
      message: 'cannot read "standard input": it is a folder',
    })
  })
})

describe('a process', () => {
  let compiled: CompiledPlatform
  let program: string

  beforeAll(async () => {
    compiled = compilePlatform()
    program = join(compiled.directory, 'driver.mjs')
    await writeFile(
      program,
      `import { createHost } from './host.js'
const host = createHost(process)
if (process.argv[2] === 'ready') {
  const { stdin } = createHost(process, { isProgram: true }).terminal
  const { bytes, isEverything } = stdin.ready()
  const both = [String(await stdin.readAll()), String(await stdin.readAll())]
  console.log(JSON.stringify([bytes.length > 0, isEverything, ...both, stdin.isTerminal]))
} else if (process.argv[2] === 'host') {
  console.log(JSON.stringify([host.configDirectory, host.cacheDirectory, host.env.MARK, host.terminal.stdin.isTerminal]))
} else {
  const { stdout, stderr } = host.terminal
  const more = () => { stdout.write('x'.repeat(65536)); stderr.write(process.argv[2] === 'deaf' ? 'e' : ''); setImmediate(more) }
  more()
}`,
    )
  })
  afterAll(() => compiled.remove())

  it('reads what lies ready once, for every reader, and waits for what does not', async () => {
    const path = join(compiled.directory, 'token.txt')
    await writeFile(path, 'token')
    const file = await open(path)
    const whole = spawn(process.execPath, [program, 'ready'], { stdio: [file.fd, 'pipe', 'inherit'] })
    expect(JSON.parse(await text(whole.stdout!))).toEqual([true, true, 'token', 'token', false])
    await file.close()
    // A socket, of which nobody can say without waiting.
    const later = spawn(process.execPath, [program, 'ready'], { stdio: ['pipe', 'pipe', 'inherit'] })
    later.stdin.end('token')
    expect(JSON.parse(await text(later.stdout))).toEqual([false, false, 'token', '', false])
  })

  it('ends quietly with 0 when its reader has seen enough', async () => {
    const child = spawn(process.execPath, [program, 'pipe'], { stdio: ['ignore', 'pipe', 'pipe'] })
    let complaint = ''
    child.stderr.on('data', (chunk: Buffer) => {
      complaint += chunk.toString()
    })
    await once(child.stdout, 'data')
    child.stdout.destroy()
    expect(await once(child, 'close')).toEqual([0, null])
    expect(complaint).toBe('')
  })

  it('goes on when nobody reads its stderr', async () => {
    const child = spawn(process.execPath, [program, 'deaf'], { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stderr.destroy()
    let bytes = 0
    for await (const chunk of child.stdout) {
      bytes += (chunk as Buffer).length
      if (bytes > 1_000_000) break
    }
    expect(await once(child, 'close')).toEqual([0, null])
    expect(bytes).toBeGreaterThan(1_000_000)
  })

  it('ends with an error, not a stack trace, when its output takes no more', async () => {
    const full = await open('/dev/full', 'w')
    const child = spawn(process.execPath, [program, 'full'], { stdio: ['ignore', full.fd, 'pipe'] })
    const [complaint, [code]] = await Promise.all([text(child.stderr!), once(child, 'close')])
    await full.close()
    expect([code, complaint]).toEqual([
      1,
      'error: cannot write "standard output": no space left on the device\nhint: free some space, then try again\n',
    ])
  })

  it('goes on when its stderr takes no more', async () => {
    const full = await open('/dev/full', 'w')
    const child = spawn(process.execPath, [program, 'deaf'], { stdio: ['ignore', 'pipe', full.fd] })
    await once(child.stdout!, 'data')
    child.stdout!.destroy()
    const [code] = await once(child, 'close')
    await full.close()
    expect(code).toBe(0)
  })

  it('has a host made of its environment', async () => {
    const env = { PATH: process.env.PATH, HOME: '/home/ann', MARK: 'yes', ENTRA_AUTH_CLI_CACHE_DIR: '/cache' }
    const { stdout, stderr } = await run(process.execPath, [program, 'host'], { env })
    expect([JSON.parse(stdout), stderr]).toEqual([
      ['/home/ann/.config/entra-auth-cli', '/cache', 'yes', false],
      '',
    ])
  })

  it('loads neither HTTP nor keychain nor browser to make a host', async () => {
    const hook = join(compiled.directory, 'hook.mjs')
    await writeFile(
      hook,
      `import { register } from 'node:module'
const source = \`export async function resolve(name, context, next) {
  if (/^node:(https?|tls|net|child_process)$|keyring|^open$|proxy-agent/.test(name)) throw new Error('loaded ' + name)
  return next(name, context)
}\`
register('data:text/javascript,' + encodeURIComponent(source))`,
    )
    const { stdout } = await run(process.execPath, ['--import', hook, program, 'host'])
    expect(stdout).toContain('entra-auth-cli')
  })
})
