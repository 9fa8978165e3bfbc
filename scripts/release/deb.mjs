// The package for Debian and Ubuntu: the executable, the manual page, completions and the licences.
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { fillFile } from './template.mjs'

/** Debian's names, by those of the executables. */
export const debArchitectures = { 'linux-x64': 'amd64', 'linux-arm64': 'arm64' }

const completions = {
  bash: 'usr/share/bash-completion/completions/entra-auth-cli',
  zsh: 'usr/share/zsh/vendor-completions/_entra-auth-cli',
  fish: 'usr/share/fish/vendor_completions.d/entra-auth-cli.fish',
}

/**
 * Needs dpkg-deb. The same files and moment make the same bytes.
 * @param licences text of the licences of everything in the executable
 * @param compression as dpkg-deb names it; `xz` is the smallest, and takes minutes
 * @returns the path of the package in the folder
 */
export function makeDeb({ executable, platform, licences, folder, moment, compression = 'xz', ...facts }) {
  const architecture = debArchitectures[platform]
  const file = join(folder, `entra-auth-cli_${facts.version}_${architecture}.deb`)
  const root = mkdtempSync(join(tmpdir(), 'entra-auth-cli-deb-'))
  try {
    const program = put(root, 'usr/bin/entra-auth-cli')
    copyFileSync(executable, program)
    chmodSync(program, 0o755)
    write(root, 'usr/share/man/man1/entra-auth-cli.1.gz', gzipSync(readFileSync('dist/man/entra-auth-cli.1')))
    write(root, 'usr/share/doc/entra-auth-cli/copyright', `${readFileSync('LICENSE', 'utf8')}\n${licences}`)
    for (const [shell, path] of Object.entries(completions)) {
      // Said by the program for Node: the executable may be for another processor.
      write(root, path, execFileSync(process.execPath, ['dist/main.cjs', 'completion', shell]))
    }
    const kibibytes = Math.ceil(statSync(program).size / 1024)
    const control = fillFile('packaging/templates/debian-control', { ...facts, architecture, kibibytes })
    write(root, 'DEBIAN/control', control)
    chmodFolders(root)
    execFileSync('dpkg-deb', [`-Z${compression}`, '--root-owner-group', '--build', root, file], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, SOURCE_DATE_EPOCH: String(moment.getTime() / 1000) },
    })
    return file
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

function write(root, path, content) {
  const file = put(root, path)
  writeFileSync(file, content)
  chmodSync(file, 0o644)
}

function put(root, path) {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  return file
}

/** Whatever the umask of the builder. */
function chmodFolders(root) {
  execFileSync('find', [root, '-type', 'd', '-exec', 'chmod', '755', '{}', '+'])
}
