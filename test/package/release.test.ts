/** What is made of the executables: packages, lists and manifests. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { copyOfCheckout, makeExecutable, runScript, sha256, version } from './release-checkout.ts'

const moment = '1790000000'
let checkout: string
const release = () => join(checkout, 'release')

describe('a release', () => {
  const targets = ['linux-x64-musl', 'linux-arm64', 'linux-arm64-musl', 'darwin-x64', 'darwin-arm64']
  const read = (path: string) => readFileSync(join(release(), path), 'utf8')

  // The others are stand-ins: what is made of them is their names and hashes.
  beforeAll(() => {
    checkout = copyOfCheckout()
    makeExecutable(checkout)
    const names = [...targets, 'windows-x64.exe', 'windows-arm64.exe']
    for (const name of names) writeFileSync(join(release(), `entra-auth-cli-${version}-${name}`), name)
    make()
  })
  afterAll(() => rmSync(checkout, { recursive: true, force: true }))
  const make = () => {
    const words = ['--repository', 'contoso/entra-auth-cli', '--compression', 'zstd']
    const { status, stderr } = runScript(checkout, 'release.mjs', ...words, { SOURCE_DATE_EPOCH: moment })
    if (status !== 0) throw new Error(`no release was made: ${stderr}`)
  }

  it('has checksums that check, of everything in it', () => {
    const checked = execFileSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], {
      cwd: release(),
      encoding: 'utf8',
    })
    const files = readdirSync(release()).filter((name) => !['SHA256SUMS', 'manifests'].includes(name))
    expect(checked.trimEnd().split('\n').toSorted()).toEqual(files.map((name) => `${name}: OK`).toSorted())
  })

  it('is the same bytes when it is made again', () => {
    const before = read('SHA256SUMS')
    make()
    expect(read('SHA256SUMS')).toBe(before)
  })

  describe.runIf(process.platform === 'linux')('its Debian package', () => {
    const deb = () => join(release(), `entra-auth-cli_${version}_amd64.deb`)

    it('says what it is', () => {
      const fields = ['Package', 'Version', 'Architecture', 'Maintainer', 'Homepage']
      const said = execFileSync('dpkg-deb', ['--field', deb(), ...fields], { encoding: 'utf8' })
      expect(said).toBe(
        `Package: entra-auth-cli\nVersion: ${version}\nArchitecture: amd64\n` +
          'Maintainer: contoso <contoso@users.noreply.github.com>\nHomepage: https://github.com/contoso/entra-auth-cli\n',
      )
    })

    it('runs from where it is unpacked, with its page and its completions', () => {
      const root = mkdtempSync(join(tmpdir(), 'entra-auth-cli-root-'))
      try {
        execFileSync('dpkg-deb', ['--extract', deb(), root])
        const program = join(root, 'usr/bin/entra-auth-cli')
        expect(execFileSync(program, ['--version'], { encoding: 'utf8' })).toBe(`${version}\n`)
        const share = join(root, 'usr/share')
        const page = execFileSync('gzip', ['-dc', join(share, 'man/man1/entra-auth-cli.1.gz')], {
          encoding: 'utf8',
        })
        expect(page).toMatch(/^\.TH /m)
        const bash = join(share, 'bash-completion/completions/entra-auth-cli')
        execFileSync('bash', ['-n', bash])
        expect(readFileSync(join(share, 'doc/entra-auth-cli/copyright'), 'utf8')).toMatch(/JavaScriptCore/)
      } finally {
        rmSync(root, { recursive: true, force: true })
      }
    })
  })

  describe('its bill of materials', () => {
    interface Component {
      readonly 'bom-ref': string
      readonly purl: string
      readonly licenses?: readonly unknown[]
      readonly hashes?: readonly { readonly alg: string; readonly content: string }[]
    }
    interface Bill {
      readonly bomFormat: string
      readonly specVersion: string
      readonly metadata: { readonly timestamp: string; readonly component: Component }
      readonly components: readonly Component[]
      readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[]
    }
    const bill = () => JSON.parse(read(`entra-auth-cli-${version}.cdx.json`)) as Bill

    it('is a CycloneDX document of the release', () => {
      const { bomFormat, specVersion, metadata } = bill()
      expect({ bomFormat, specVersion }).toEqual({ bomFormat: 'CycloneDX', specVersion: '1.6' })
      expect(metadata.timestamp).toBe(new Date(Number(moment) * 1000).toISOString())
      expect(metadata.component.purl).toBe(`pkg:npm/entra-auth-cli@${version}`)
    })

    it('names each package once, with its licence and the hash it is locked by', () => {
      const { components } = bill()
      const names = components.map(({ purl }) => purl)
      expect(names).toEqual([...new Set(names)])
      expect(names).toContainEqual(expect.stringMatching(/^pkg:npm\/%40azure\/msal-node@\d/))
      expect(names).toContainEqual(expect.stringMatching(/^pkg:npm\/%40oven\/bun-windows-x64@\d/))
      expect(names).toContainEqual(expect.stringMatching(/^pkg:npm\/%40napi-rs\/keyring-darwin-arm64@\d/))
      for (const { purl, licenses, hashes } of components) {
        expect(licenses, purl).toHaveLength(1)
        expect(hashes, purl).toEqual([{ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) }])
      }
    })

    it('leads from the program to all of them', () => {
      const { metadata, components, dependencies } = bill()
      const [program, ...others] = dependencies
      const all = components.map((one) => one['bom-ref'])
      expect(program).toEqual({ ref: metadata.component['bom-ref'], dependsOn: all })
      expect(others.map(({ ref }) => ref)).toEqual(all)
    })
  })

  describe('its manifests', () => {
    const download = `https://github.com/contoso/entra-auth-cli/releases/download/v${version}`
    const fileOf = (name: string) => `entra-auth-cli-${version}-${name}`
    const hashOf = (name: string) => sha256(join(release(), fileOf(name)))

    it('tell Homebrew where each executable is, and its hash', () => {
      const formula = read('manifests/homebrew/entra-auth-cli.rb')
      for (const name of ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64']) {
        expect(formula).toMatch(
          new RegExp(`url "${download}/${fileOf(name)}", .*\\n +sha256 "${hashOf(name)}"`),
        )
      }
      expect(formula).not.toContain('{{')
    })

    it('tell Scoop the same for Windows', () => {
      const { version: named, architecture } = JSON.parse(read('manifests/scoop/entra-auth-cli.json')) as {
        version: string
        architecture: unknown
      }
      const entry = (name: string) => ({
        url: `${download}/${fileOf(name)}#/entra-auth-cli.exe`,
        hash: hashOf(name),
      })
      expect(named).toBe(version)
      expect(architecture).toEqual({ '64bit': entry('windows-x64.exe'), arm64: entry('windows-arm64.exe') })
    })

    it('tell winget, in three files that agree', () => {
      const base = 'manifests/winget/contoso.entra-auth-cli'
      const [main, installer, locale] = ['', '.installer', '.locale.en-US'].map(
        (part) => parse(read(`${base}${part}.yaml`)) as Record<string, unknown>,
      )
      for (const one of [main, installer, locale]) {
        expect(one).toMatchObject({ PackageIdentifier: 'contoso.entra-auth-cli', PackageVersion: version })
      }
      expect(installer).toMatchObject({
        InstallerType: 'portable',
        Installers: [
          {
            Architecture: 'x64',
            InstallerUrl: `${download}/${fileOf('windows-x64.exe')}`,
            InstallerSha256: hashOf('windows-x64.exe'),
          },
          { Architecture: 'arm64', InstallerSha256: hashOf('windows-arm64.exe') },
        ],
      })
      expect(locale).toMatchObject({ PackageLocale: 'en-US', License: 'MIT' })
    })
  })
})

describe('the workflow that publishes one', () => {
  interface Workflow {
    readonly permissions: unknown
    readonly jobs: Readonly<Record<string, { readonly needs?: string; readonly steps: readonly Step[] }>>
  }
  interface Step {
    readonly uses?: string
    readonly run?: string
  }
  const file = resolve(import.meta.dirname, '../../.github/workflows/release.yml')
  const text = readFileSync(file, 'utf8')
  const { permissions, jobs } = parse(text) as Workflow
  const steps = Object.values(jobs).flatMap((job) => job.steps)

  it('runs scripts that are there', () => {
    const scripts = [...text.matchAll(/node (scripts\/\S+)/g)].map(([, path]) => path ?? '')
    expect(scripts).toContain('scripts/release.mjs')
    for (const path of scripts) readFileSync(resolve(import.meta.dirname, '../..', path))
  })

  it('names the major version of each action', () => {
    const uses = steps.flatMap((step) => step.uses ?? [])
    expect(uses.length).toBeGreaterThan(5)
    for (const action of uses) expect(action).toMatch(/^(actions|docker)\/[\w-]+@v\d+$/)
  })

  it('may do nothing but where it says so, and knows no secret', () => {
    expect(permissions).toEqual({ contents: 'read' })
    expect(text).not.toMatch(/secrets\./)
  })

  it('publishes only what was made and tried', () => {
    const publishers = ['npm', 'github', 'image']
    expect(publishers.map((name) => jobs[name]?.needs)).toEqual(publishers.map(() => 'try'))
    expect(jobs['try']?.needs).toBe('make')
  })
})
