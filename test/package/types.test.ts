/** The library as another TypeScript project uses it. */
import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fencedBlocks } from '../support/session/parse.ts'
import { installPackage, repository, type InstalledPackage } from './installed-package.ts'

const execute = promisify(execFile)
const compiler = join(repository, 'node_modules/typescript/bin/tsc')

// No types of Node: whoever reads tokens in a browser or in Deno has none.
const settings = {
  compilerOptions: {
    target: 'es2023',
    lib: ['es2023'],
    module: 'nodenext',
    moduleResolution: 'nodenext',
    types: [],
    strict: true,
    skipLibCheck: false,
  },
  files: ['consumer.ts', 'validate.ts'],
}

const consumer = `
import { decodeToken, describeToken, EntraAuthError, type DecodedToken, type ErrorCode } from 'entra-auth-cli'

declare const console: { log(text: string): void }
declare const process: { readonly argv: readonly string[] }

const token: DecodedToken = decodeToken(process.argv[2] ?? '')
const { tenantId } = describeToken(token, new Date(1_750_000_000_000))
let refusal: ErrorCode | undefined
try {
  decodeToken('no token')
} catch (error) {
  if (!(error instanceof EntraAuthError)) throw error
  refusal = error.code
}
// @ts-expect-error a token is a text: the types must say so
export const wrong = () => decodeToken(42)

console.log(JSON.stringify({ name: token.payload['name'], tenantId, refusal }))
`

/** What docs/validate.md shows of the library. */
const page = readFileSync(join(repository, 'docs/validate.md'), 'utf8')
const shown = fencedBlocks(page).filter(({ language }) => language === 'ts')

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const token = [
  part({ alg: 'RS256', typ: 'JWT' }),
  part({ tid: '12345678-1234-1234-1234-123456789abc', name: 'Zoë', exp: 1_750_000_600 }),
  'c2ln',
].join('.')

let installed: InstalledPackage

beforeAll(async () => {
  installed = await installPackage()
  const { folder } = installed
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings))
  writeFileSync(join(folder, 'consumer.ts'), consumer)
  writeFileSync(join(folder, 'validate.ts'), shown.flatMap(({ lines }) => lines).join('\n'))
})
afterAll(() => installed?.remove())

describe('the library', () => {
  it('compiles in a strict project and does what its types say', async () => {
    const { folder } = installed
    const said = await execute(process.execPath, [compiler, '-p', folder]).catch(
      (error: { stdout: string }) => error,
    )
    expect(said.stdout).toBe('')
    const { stdout } = await execute(process.execPath, ['consumer.js', token], { cwd: folder })
    expect(JSON.parse(stdout)).toEqual({
      name: 'Zoë',
      tenantId: '12345678-1234-1234-1234-123456789abc',
      refusal: 'invalid_token',
    })
  })

  it('judges a token as the page on validate shows', async () => {
    expect(shown).toHaveLength(1)
    const script = `
      import { judge } from './validate.js'
      const { verdict, checks } = await judge('${token}', { keys: [] }, new Date(1_750_000_000_000))
      console.log(JSON.stringify([verdict, checks[1].reason]))`
    const { stdout } = await execute(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: installed.folder,
    })
    expect(JSON.parse(stdout)).toEqual(['invalid', 'there is no key to judge it by'])
  })

  it('opens no door but the one it documents', async () => {
    const inside = `import('entra-auth-cli/dist/main.cjs').catch((error) => console.log(error.code))`
    const { stdout } = await execute(process.execPath, ['--input-type=module', '--eval', inside], {
      cwd: installed.folder,
    })
    expect(stdout.trim()).toBe('ERR_PACKAGE_PATH_NOT_EXPORTED')
  })
})
