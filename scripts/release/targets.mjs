// What an executable can be made for, and what each is made of.
import { readFileSync } from 'node:fs'

const { bun, integrity } = JSON.parse(
  readFileSync(new URL('../../packaging/runtimes.json', import.meta.url), 'utf8'),
)

/** The version of bun that every executable contains. */
export const runtimeVersion = bun

/** By the platform's name, which is the last word of the executable's name. */
export const targets = {
  'linux-x64': target('linux-x64', 'linux-x64-gnu'),
  'linux-x64-musl': target('linux-x64-musl', 'linux-x64-musl'),
  'linux-arm64': target('linux-aarch64', 'linux-arm64-gnu'),
  'linux-arm64-musl': target('linux-aarch64-musl', 'linux-arm64-musl'),
  'darwin-x64': target('darwin-x64', 'darwin-x64'),
  'darwin-arm64': target('darwin-aarch64', 'darwin-arm64'),
  'windows-x64': target('windows-x64', 'win32-x64-msvc', '.exe'),
  'windows-arm64': target('windows-aarch64', 'win32-arm64-msvc', '.exe'),
}

/** The target this machine can run; of Linux, with glibc. @throws Error where there is none */
export function ownTarget(platform = process.platform, arch = process.arch) {
  const name = `${platform === 'win32' ? 'windows' : platform}-${arch}`
  if (!targets[name]) throw new Error(`no executable can be made for ${name}`)
  return name
}

/** @throws Error for a name that is none, with those that are */
export function chooseTargets(words) {
  if (words.length === 0) return [ownTarget()]
  if (words.includes('all')) return Object.keys(targets)
  const unknown = words.find((word) => !Object.hasOwn(targets, word))
  if (unknown) throw new Error(`no target "${unknown}": ${Object.keys(targets).join(', ')} or all`)
  return [...new Set(words)]
}

/** `entra-auth-cli-1.2.3-linux-x64`, or with `.exe` for Windows */
export const executableName = (version, platform) =>
  `entra-auth-cli-${version}-${platform}${targets[platform].extension}`

function target(runtime, binding, extension = '') {
  const name = `@oven/bun-${runtime}`
  return {
    /** Of npm, with the hash its content must have. */
    runtime: { name, version: bun, integrity: integrity[name], program: `bin/bun${extension}` },
    /** bun's own name of it. */
    compileTarget: `bun-${runtime.replace('aarch64', 'arm64')}`,
    /** The keychain's native binding; its version and hash are those of package-lock.json. */
    binding: { name: `@napi-rs/keyring-${binding}`, file: `keyring.${binding}.node` },
    extension,
    /** A library that is loaded cannot be removed on Windows. */
    shim: extension === '' ? 'keyring-unix.mjs' : 'keyring-windows.cjs',
  }
}
