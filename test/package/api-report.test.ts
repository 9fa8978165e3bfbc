/** What the library promises, as its declarations say it: whatever changes there is seen, and meant or mended. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const repository = resolve(import.meta.dirname, '../..')
const doors = ['index', 'credential']

let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'entra-auth-cli-api-'))
  const settings = {
    extends: join(repository, 'tsconfig.types.json'),
    compilerOptions: {
      outDir: folder,
      rootDir: join(repository, 'src'),
      typeRoots: [join(repository, 'node_modules/@types')],
    },
    include: doors.map((door) => join(repository, `src/${door}.ts`)),
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings))
  const compiler = join(repository, 'node_modules/typescript/bin/tsc')
  await promisify(execFile)(process.execPath, [compiler, '-p', folder], { cwd: repository })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The declarations that can be reached from a file, itself first, by their paths. */
function reachable(path: string, found: Map<string, string> = new Map()): ReadonlyMap<string, string> {
  if (found.has(path)) return found
  const text = readFileSync(path, 'utf8')
  found.set(path, text)
  for (const [, other = ''] of text.matchAll(/\b(?:from|import)\s*\(?\s*['"](\.{1,2}\/[^'"]+)\.[jt]s['"]/g)) {
    reachable(join(dirname(path), `${other}.d.ts`), found)
  }
  return found
}

/** Without comments and empty lines: how something is told is no promise. */
function bare(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .join('\n')
}

/** The sources that are loaded with one, itself first. */
function loadedWith(path: string, found: Map<string, string> = new Map()): ReadonlyMap<string, string> {
  if (found.has(path)) return found
  const text = bare(readFileSync(path, 'utf8'))
  found.set(path, text)
  for (const [, other = ''] of text.matchAll(/^(?:import|export)(?! type)[^'"]*from '(\.[^']+)'/gm)) {
    loadedWith(join(dirname(path), other), found)
  }
  return found
}

describe('the library', () => {
  it('reads tokens without anything of Node, so that it runs in browsers', () => {
    const sources = loadedWith(join(repository, 'src/index.ts'))
    expect(sources.size).toBeGreaterThan(10)
    const ofNode = [...sources].filter(([, text]) =>
      /from 'node:|\b(?:process|Buffer|require)\b[.(]/.test(text),
    )
    expect(ofNode.map(([path]) => relative(repository, path))).toEqual([])
  })

  it('loads nothing but its own door before the first token is asked for', () => {
    const sources = [...loadedWith(join(repository, 'src/credential.ts')).keys()]
    expect(sources.map((path) => relative(repository, path))).toEqual(['src/credential.ts', 'src/errors.ts'])
  })

  it.each(doors)('has in "%s" nothing that needs the types of Node', (door) => {
    const texts = [...reachable(join(folder, `${door}.d.ts`)).values()].map(bare).join('\n')
    expect(texts.match(/\b(?:NodeJS|Buffer|node:\w+)\b|reference types/g)).toBeNull()
  })

  it('promises what its report says; run this test with -u where it shall promise something else', async () => {
    const files = new Map(doors.flatMap((door) => [...reachable(join(folder, `${door}.d.ts`))]))
    const report = [...files]
      .map(([path, text]) => `// ${relative(folder, path)}\n${bare(text)}\n`)
      .join('\n')
    await expect(report).toMatchFileSnapshot('../fixtures/api-report.txt')
  })
})
