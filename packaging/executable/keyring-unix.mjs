// Stands for the package @napi-rs/keyring inside an executable for Linux and macOS.
//
// A library can only be loaded from a file. Left to itself, bun writes it to a name in the folder for temporary files
// that everybody can tell, leaves it there, and loads what lies there next time if it has the right owner and size. Here
// it is written anew into a folder of its own that nobody else can enter, and is gone as soon as it is loaded.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import embedded from './keyring.node' with { type: 'file' }

export const { Entry, AsyncEntry } = load()

function load() {
  // Hardened machines let nothing be run from the first; the second is the user's own.
  const folders = [tmpdir(), process.env.XDG_RUNTIME_DIR].filter(Boolean)
  const failures = []
  for (const folder of folders) {
    try {
      return loadThrough(folder)
    } catch (error) {
      failures.push(error)
    }
  }
  throw failures[0]
}

function loadThrough(parent) {
  const folder = mkdtempSync(join(parent, 'entra-auth-cli-'))
  try {
    const file = join(folder, 'keyring.node')
    writeFileSync(file, readFileSync(embedded), { mode: 0o500, flag: 'wx' })
    const module = { exports: {} }
    process.dlopen(module, file)
    return module.exports
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
