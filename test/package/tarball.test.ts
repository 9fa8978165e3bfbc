/** What is in the tarball, and what must not be. */
import { accessSync, constants, existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { installPackage, repository, type InstalledPackage } from './installed-package.ts'

let installed: InstalledPackage
let files: readonly string[]

beforeAll(async () => {
  installed = await installPackage()
  files = readdirSync(installed.packageFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(installed.packageFolder, join(entry.parentPath, entry.name)))
})
afterAll(() => installed?.remove())

const contentOf = (file: string) => readFileSync(join(installed.packageFolder, file), 'utf8')

describe('the tarball', () => {
  it('holds the program, its papers and its guide, and nothing else', () => {
    const allowed = new Set(['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'docs', 'package.json'])
    const top = readdirSync(installed.packageFolder)
    expect(top.filter((entry) => !allowed.has(entry))).toEqual([])
    expect(top).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist', 'docs', 'package.json']))
  })

  it('holds what the build makes: the program with its parts, the library with its types, and licences', () => {
    const top = [
      'THIRD-PARTY-LICENSES.txt',
      'credential.js',
      'index.js',
      'main-parts',
      'main.cjs',
      'man',
      'package.json',
      'parts',
      'plain',
      'program.cjs',
      'types',
    ]
    expect(readdirSync(join(installed.packageFolder, 'dist')).toSorted()).toEqual(top)
    const [parts, types] = ['dist/parts/', 'dist/types/'].map((folder) =>
      files.filter((file) => file.startsWith(folder)),
    )
    expect(parts?.filter((file) => !/\.c?js$/.test(file))).toEqual([])
    expect(types?.filter((file) => !file.endsWith('.d.ts'))).toEqual([])
  })

  it('hands on the licence of every package that is packed into it', () => {
    const licences = contentOf('dist/THIRD-PARTY-LICENSES.txt')
    for (const name of ['@azure/msal-node', 'commander', 'jose']) {
      expect(licences).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(MIT|^${name} .*ISC`, 'm'))
    }
  })

  it('holds no tests', () => {
    const tests = files.filter((file) => /(?:^|\/)tests?\/|\.(?:test|spec|fixture)\./.test(file))
    expect(tests).toEqual([])
  })

  it('names no source map that is not there', () => {
    const missing = files.flatMap((file) =>
      [...contentOf(file).matchAll(/^\/\/# sourceMappingURL=(?!data:)(\S+)/gm)]
        .filter(([, map = '']) => !existsSync(resolve(installed.packageFolder, dirname(file), map)))
        .map(([line]) => `${file}: ${line}`),
    )
    expect(missing).toEqual([])
  })

  it('imports only files of its own that are there', () => {
    const broken = files
      .filter((file) => /\.(?:c?js|d\.ts)$/.test(file))
      .flatMap((file) =>
        [...contentOf(file).matchAll(/\b(?:from|import|require)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g)]
          // Declarations keep the names of the sources, which TypeScript takes for the declarations beside them.
          .map(([, path = '']) => (file.endsWith('.d.ts') ? path.replace(/\.[jt]s$/, '.d.ts') : path))
          .filter((path) => !existsSync(resolve(installed.packageFolder, dirname(file), path)))
          .map((path) => `${file}: ${path}`),
      )
    expect(broken).toEqual([])
  })

  it('says nothing about the machine it was built on', () => {
    expect(files.length).toBeGreaterThan(30)
    expect(files.filter((file) => contentOf(file).includes(repository))).toEqual([])
  })
})

describe('the installed tree', () => {
  it('runs no script of anybody at installation', () => {
    expect(installed.packages.map(({ manifest }) => manifest.name)).toContain('@napi-rs/keyring')
    const withScripts = installed.packages.filter(
      ({ path, manifest }) =>
        ['preinstall', 'install', 'postinstall'].some((name) => manifest.scripts?.[name] !== undefined) ||
        // npm compiles such a package without being told to.
        existsSync(join(path, 'binding.gyp')),
    )
    expect(withScripts.map(({ manifest }) => manifest.name)).toEqual([])
  })

  it('has the program where a shell finds it, executable, for the Node on PATH', () => {
    expect(() => accessSync(installed.program, constants.X_OK)).not.toThrow()
    const main = join(installed.packageFolder, 'dist/main.cjs')
    expect(statSync(installed.program).ino).toBe(statSync(main).ino)
    expect(readFileSync(main, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
  })

  it('installs no other program of ours', () => {
    const own = installed.packages.find(({ path }) => path === installed.packageFolder)
    expect(own?.manifest.bin).toEqual({ 'entra-auth-cli': 'dist/main.cjs' })
  })
})
