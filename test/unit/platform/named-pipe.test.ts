import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, writeFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFiles } from '../../../src/platform/files.ts'
import { EntraAuthError } from '../../../src/errors.ts'
import { compilePlatform } from './compiled.ts'

const files = createFiles({ platform: process.platform, userId: process.getuid?.() })
const never = new AbortController().signal

describe.runIf(process.platform === 'linux')('a named pipe', () => {
  let folder: string
  let pipe: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'entra-auth-cli-pipe-'))
    pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('is waited for until somebody writes, and read to its end', async () => {
    const read = files.readInput(pipe, never)
    const writer = createWriteStream(pipe)
    writer.write('s3c')
    await once(writer, 'open')
    writer.end('ret\n')
    expect(String(await read)).toBe('s3cret\n')
  })

  it('may hold nothing', async () => {
    const read = files.readInput(pipe, never)
    createWriteStream(pipe).end()
    expect(String(await read)).toBe('')
  })

  it('that nobody writes to is given up when that is wanted, and holds no thread of this process', async () => {
    const over = new AbortController()
    const read = files.readInput(pipe, over.signal)
    const reason = new EntraAuthError('timeout', 'it took too long')
    // Only when it has been opened, which a file would be in a thread.
    setImmediate(() => over.abort(reason))
    await expect(read).rejects.toBe(reason)
    expect(process.getActiveResourcesInfo()).not.toContain('FSReqCallback')
  })

  it('is not opened when it is too late already', async () => {
    const reason = new EntraAuthError('interrupted', 'interrupted')
    await expect(files.readInput(pipe, AbortSignal.abort(reason))).rejects.toBe(reason)
  })

  it('of a shell, as in <(command), is read to its end', () => {
    const compiled = compilePlatform()
    try {
      const program = join(compiled.directory, 'driver.mjs')
      writeFileSync(
        program,
        `import { createFiles } from './files.js'
        const files = createFiles({ platform: 'linux' })
        for (const path of process.argv.slice(2)) console.log(String(await files.readInput(path)))`,
      )
      const line = `'${process.execPath}' '${program}' <(printf s3cret) <(true)`
      expect(execFileSync('bash', ['-c', line], { encoding: 'utf8' })).toBe('s3cret\n\n')
    } finally {
      compiled.remove()
    }
  })

  it('can be read piece by piece too', async () => {
    const pieces = files.inputPieces(pipe, never)
    createWriteStream(pipe).end('{"a":1}')
    const read: Buffer[] = []
    for await (const piece of pieces) read.push(piece)
    expect(String(Buffer.concat(read))).toBe('{"a":1}')
  })

  it('is told from a file, which is read when the signal allows', async () => {
    const path = join(folder, 'file')
    await writeFile(path, 'text')
    expect(String(await files.readInput(path, never))).toBe('text')
    const reason = new EntraAuthError('interrupted', 'interrupted')
    await expect(files.readInput(path, AbortSignal.abort(reason))).rejects.toBe(reason)
  })
})
