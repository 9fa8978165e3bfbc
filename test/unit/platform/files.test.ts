import { execFileSync } from 'node:child_process'
import { openSync, closeSync } from 'node:fs'
import {
  chmod,
  lchown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/platform/clock.ts'
import { createFiles } from '../../../src/platform/files.ts'
import { fileError } from '../../../src/platform/file-errors.ts'
import { rejectionOf } from '../../support/failure.ts'
import { compilePlatform } from './compiled.ts'

let folder: string
const files = createFiles({ platform: process.platform, userId: process.getuid?.() })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'entra-auth-cli-files-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)

describe('a mark', () => {
  const inAnHour = createFiles({
    platform: process.platform,
    userId: process.getuid?.(),
    clock: { ...systemClock, now: () => new Date(Date.now() + 3_600_000) },
  })
  const mark = (path: string) => inAnHour.mark(path)

  it('stays while the file does, and goes with any change, also one that leaves size and time', async () => {
    const path = join(folder, 'file')
    await writeFile(path, 'one')
    await utimes(path, 1, 1)
    const first = await mark(path)
    expect(first).toMatch(/^\d/)
    expect(await mark(path)).toBe(first)
    await writeFile(path, 'two')
    await utimes(path, 1, 1)
    const second = await mark(path)
    expect(second).not.toBe(first)
    await files.write(path, 'new')
    await utimes(path, 1, 1)
    expect(await mark(path)).not.toBe(second)
  })

  it('is not given while the file is so new that a change might not show', async () => {
    const path = join(folder, 'file')
    await writeFile(path, 'one')
    expect(await files.mark(path)).toBeUndefined()
    await utimes(path, 1, 1)
    expect(await files.mark(path)).toBeUndefined()
  })

  it('is not given of a link, nor of a folder', async () => {
    const path = join(folder, 'link')
    await symlink(join(folder, 'file'), path)
    expect([await mark(path), await mark(folder)]).toEqual([undefined, undefined])
  })
})

describe('reading a part', () => {
  it.each([
    [2, 5, 'cde'],
    [4, 99, 'ef'],
    [9, 12, ''],
  ])('from %i to %i', async (start, end, text) => {
    const path = join(folder, 'file')
    await writeFile(path, 'abcdef')
    expect((await files.read(path, { start, end }))?.toString()).toBe(text)
    expect(await files.read(join(folder, 'none'), { start, end })).toBeUndefined()
  })
})

describe('writing', () => {
  it('makes private files in private folders', async () => {
    const path = join(folder, 'a', 'b', 'file')
    await files.write(path, 'text')
    expect(await readFile(path, 'utf8')).toBe('text')
    expect([await mode(path), await mode(join(folder, 'a')), await mode(join(folder, 'a', 'b'))]).toEqual([
      '600',
      '700',
      '700',
    ])
  })

  it('leaves the mode of a folder that was there', async () => {
    await chmod(folder, 0o755)
    await files.write(join(folder, 'file'), 'text')
    expect(await mode(folder)).toBe('755')
  })

  it('makes a file private that was not', async () => {
    const path = join(folder, 'file')
    await writeFile(path, 'old', { mode: 0o644 })
    await files.write(path, 'new')
    expect([await readFile(path, 'utf8'), await mode(path)]).toEqual(['new', '600'])
  })

  it('replaces the file instead of changing it, so that a reader keeps what it opened', async () => {
    const path = join(folder, 'file')
    await files.write(path, 'old')
    const before = (await stat(path)).ino
    const opened = openSync(path, 'r')
    try {
      await files.write(path, 'new')
      expect((await stat(path)).ino).not.toBe(before)
      expect(String(await files.readInput(opened))).toBe('old')
    } finally {
      closeSync(opened)
    }
  })

  it('leaves no temporary file, also when it fails', async () => {
    await files.write(join(folder, 'file'), 'text')
    await mkdir(join(folder, 'taken'))
    await expect(files.write(join(folder, 'taken'), 'text')).rejects.toMatchObject({
      code: 'file_unusable',
      message: `cannot write "${join(folder, 'taken')}": it is a folder`,
    })
    expect((await readdir(folder)).toSorted()).toEqual(['file', 'taken'])
  })

  it('leaves the old content and no temporary file when the new one does not fit', async () => {
    const compiled = compilePlatform()
    try {
      const program = join(compiled.directory, 'driver.mjs')
      await writeFile(
        program,
        `import { createFiles } from './files.js'
const files = createFiles({ platform: process.platform, userId: process.getuid?.() })
await files.write(process.argv[2], 'x'.repeat(1_000_000)).catch((error) => console.log(error.message))`,
      )
      const path = join(folder, 'file')
      await writeFile(path, 'old')
      const script = 'ulimit -f 8; exec "$@"'
      const said = execFileSync('bash', ['-c', script, '-', process.execPath, program, path]).toString()
      expect(said).toBe(`cannot write "${path}": it would be too large\n`)
      expect([await readdir(folder), await readFile(path, 'utf8')]).toEqual([['file'], 'old'])
    } finally {
      compiled.remove()
    }
  })

  it('removes what writers that were killed left an hour ago, and nothing else', async () => {
    const old = new Date(Date.now() - 3_700_000)
    const names = ['a.12.0123456789ab.tmp', 'b.12.0123456789ab.tmp', 'notes.tmp']
    for (const name of names) await writeFile(join(folder, name), '')
    await utimes(join(folder, 'a.12.0123456789ab.tmp'), old, old)
    await utimes(join(folder, 'notes.tmp'), old, old)
    await files.write(join(folder, 'file'), 'text')
    // The first write in a folder sweeps it, and this room has not written here before.
    expect((await readdir(folder)).toSorted()).toEqual(['b.12.0123456789ab.tmp', 'file', 'notes.tmp'])
  })

  it('says why it cannot', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(files.write(join(folder, 'file', 'inside'), 'text')).rejects.toMatchObject({
      code: 'file_unusable',
      message: `cannot write "${join(folder, 'file', 'inside')}": a part of its path is not a folder`,
    })
  })

  it.runIf(process.platform === 'linux')(
    'ends where no folder can be made although its parent is there',
    async () => {
      await expect(files.write('/proc/none/inside/file', 'text')).rejects.toMatchObject({
        code: 'file_unusable',
        message: 'cannot write "/proc/none/inside/file": its folder does not exist',
      })
    },
  )

  it('writes into a device or a pipe instead of replacing it', async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('bash', ['-c', 'mkfifo "$1"', '-', pipe])
    const [read] = await Promise.all([files.readInput(pipe), files.write(pipe, 'text')])
    expect(String(read)).toBe('text')
    expect((await stat(pipe)).isFIFO()).toBe(true)
  })
})

describe('a program', () => {
  it('can be run by all, and changed by its owner alone', async () => {
    const path = join(folder, 'az')
    await files.write(path, '#!/bin/sh\n')
    await files.makeRunnable(path)
    expect(await mode(path)).toBe('755')
  })

  it('that is not there is an error', async () => {
    expect(await rejectionOf(files.makeRunnable(join(folder, 'none')))).toMatchObject({
      code: 'file_unusable',
    })
  })
})

describe('symbolic links', () => {
  it('are kept, and the file they lead to is replaced', async () => {
    await mkdir(join(folder, 'dotfiles'))
    await writeFile(join(folder, 'dotfiles', 'profiles.json'), 'old')
    await symlink(join('dotfiles', 'profiles.json'), join(folder, 'profiles.json'))
    await files.write(join(folder, 'profiles.json'), 'new')
    expect(await readlink(join(folder, 'profiles.json'))).toBe(join('dotfiles', 'profiles.json'))
    expect(await readFile(join(folder, 'dotfiles', 'profiles.json'), 'utf8')).toBe('new')
    expect(String(await files.read(join(folder, 'profiles.json')))).toBe('new')
  })

  it('that lead nowhere are named', async () => {
    await symlink(join(folder, 'gone'), join(folder, 'link'))
    expect(await files.read(join(folder, 'link'))).toBeUndefined()
    await expect(files.write(join(folder, 'link'), 'text')).rejects.toThrow(
      `cannot write "${join(folder, 'link')}": it is a symbolic link to nothing`,
    )
  })

  it.runIf(process.getuid?.() === 0)('of another user are refused, for reading and writing', async () => {
    const link = join(folder, 'link')
    await writeFile(join(folder, 'target'), 'text')
    await symlink(join(folder, 'target'), link)
    await lchown(link, 65534, 65534)
    const refusal = {
      code: 'file_unusable',
      message: `cannot use "${link}": it is a symbolic link that another user made`,
    }
    await expect(files.read(link)).rejects.toMatchObject(refusal)
    await expect(files.write(link, 'x')).rejects.toMatchObject(refusal)
    expect(await readFile(join(folder, 'target'), 'utf8')).toBe('text')
  })

  it('of root are followed by anyone: Kubernetes mounts its tokens so', async () => {
    const link = join(folder, 'link')
    await writeFile(join(folder, 'target'), 'text')
    await symlink(join(folder, 'target'), link)
    const owner = (await stat(folder)).uid
    const other = createFiles({ platform: 'linux', userId: owner === 0 ? 12_345 : owner })
    expect(String(await other.read(link))).toBe('text')
  })
})

describe('reading', () => {
  it('answers undefined where there is no such file', async () => {
    await writeFile(join(folder, 'file'), '')
    expect(await files.read(join(folder, 'none'))).toBeUndefined()
    expect(await files.read(join(folder, 'file', 'inside'))).toBeUndefined()
  })

  it('names a folder for what it is', async () => {
    await expect(files.read(folder)).rejects.toMatchObject({
      code: 'file_unusable',
      message: `cannot read "${folder}": it is a folder`,
    })
  })

  it('refuses a pipe that nobody writes to, instead of waiting for ever', async () => {
    const pipe = join(folder, 'pipe')
    execFileSync('mkfifo', [pipe])
    await symlink(pipe, join(folder, 'link'))
    for (const path of [pipe, join(folder, 'link')]) {
      await expect(files.read(path)).rejects.toMatchObject({
        code: 'file_unusable',
        message: `cannot read "${path}": it is a device or a pipe`,
      })
    }
  })

  it('ends with a named input that has no end', async () => {
    await expect(files.readInput('/dev/zero')).rejects.toMatchObject({
      code: 'file_unusable',
      message: '"/dev/zero" holds more than 16 MB',
    })
  })

  it('takes a named input of any length piece by piece', async () => {
    const path = join(folder, 'long')
    const content = Buffer.alloc(17 * 1024 * 1024, 'line\n')
    await writeFile(path, content)
    const pieces: Buffer[] = []
    for await (const piece of files.inputPieces(path)) pieces.push(piece)
    expect(pieces.length).toBeGreaterThan(16)
    expect(Buffer.concat(pieces).equals(content)).toBe(true)
  })

  it.each([
    ['which is not there', 'none', undefined, 'file_unusable'],
    ['of which no more is wanted', 'file', AbortSignal.abort(new Error('enough')), 'interrupted'],
  ])('ends a named input %s with an error', async (_what, name, signal, code) => {
    await writeFile(join(folder, 'file'), 'text')
    const read = async () => {
      for await (const piece of files.inputPieces(join(folder, name), signal))
        expect.unreachable(String(piece))
    }
    await expect(read()).rejects.toMatchObject({ code })
  })

  it('takes a named input to be there', async () => {
    await expect(files.readInput(join(folder, 'none'))).rejects.toMatchObject({
      code: 'file_unusable',
      message: `there is no file "${join(folder, 'none')}"`,
    })
    await expect(files.readInput(987_654)).rejects.toThrow(
      'cannot read "file descriptor 987654": it is not open',
    )
  })
})

describe('removing and listing', () => {
  it('says whether there was a file to remove', async () => {
    await files.write(join(folder, 'file'), '')
    expect([await files.remove(join(folder, 'file')), await files.remove(join(folder, 'file'))]).toEqual([
      true,
      false,
    ])
  })

  it('lists the names of a folder, and none of one that is not there', async () => {
    await files.write(join(folder, 'one'), '')
    expect(await files.list(folder)).toEqual(['one'])
    expect(await files.list(join(folder, 'none'))).toEqual([])
  })
})

describe('what the operating system answers, in words', () => {
  it.each([
    ['ENOSPC', 'no space left on the device'],
    ['EACCES', 'permission denied'],
    ['EROFS', 'the file system is read-only'],
    ['EDQUOT', 'the disk quota is used up'],
    ['ELOOP', 'it is a symbolic link'],
    ['ESOMETHING', 'ESOMETHING'],
  ])('%s', (code, reason) => {
    const error = fileError('write', '/p', Object.assign(new Error('x'), { code }))
    expect(error).toMatchObject({ code: 'file_unusable', message: `cannot write "/p": ${reason}` })
    expect(error.hint).toBeTruthy()
  })
})
