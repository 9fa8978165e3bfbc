// What is installed, and what is opened to answer from the cache.
import { execFileSync, spawnSync } from 'node:child_process'
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { count, judged, megabytes } from '../figures.mjs'
import { openedFiles } from '../opened-files.mjs'
import { markdownTable } from '../table.mjs'
import { cachedToken, installed, ours } from '../world.mjs'

const mostMegabytes = 15
const mostFiles = 15

export async function size(world) {
  const bytes = installedBytes(world.folder)
  const ofSize = judged(bytes / 1e6, { most: mostMegabytes, unit: ' MB' })
  const rows = [['installed from npm, with all dependencies', megabytes(bytes), ofSize.text]]
  const bars = [{ what: `installed size: ${megabytes(bytes)}`, ...ofSize }]
  const notes = []
  const strace = installed('strace')
  if (strace) {
    const machine = await world.machine()
    const { argv, env } = ours('cached', machine, cachedToken)
    const empty = traced(strace, [argv[0], world.empty()], env, world.folder)
    const opened = traced(strace, argv, env, world.folder).filter((path) => !empty.includes(path))
    const code = opened.filter((path) => path.startsWith(resolve('.')))
    const ofFiles = judged(opened.length, { most: mostFiles })
    rows.push(
      [
        'files opened for a cached `get-token`, beyond those of an empty program',
        count(opened.length),
        ofFiles.text,
      ],
      ['of these, of the program', count(code.length), ''],
    )
    bars.push({ what: `files opened: ${opened.length}`, ...ofFiles })
  } else notes.push('Without the files that are opened: `strace` is missing.')
  return { tables: [markdownTable(['', 'figure', 'wanted'], rows)], notes, bars }
}

/** Packed as it is published, and installed into an empty folder without running anybody's scripts. */
function installedBytes(folder) {
  const user = join(folder, 'user')
  mkdirSync(user)
  const npm = (words, cwd) =>
    execFileSync('npm', [...words, '--no-audit', '--no-fund'], {
      cwd,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  npm(['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], resolve('.'))
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  npm(
    ['install', '--silent', '--prefix', user, '--prefer-offline', '--ignore-scripts', join(folder, tarball)],
    user,
  )
  return bytesIn(join(user, 'node_modules'))
}

function bytesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => lstatSync(join(folder, name)))
    .filter((stats) => stats.isFile())
    .reduce((sum, stats) => sum + stats.size, 0)
}

/** The files that a program opens, once each, without those of the kernel. */
function traced(strace, argv, env, folder) {
  // A log for each thread: in a common one the lines of one break off where another speaks.
  const logs = mkdtempSync(join(folder, 'opened-'))
  const trace = ['-ff', '-qq', '-e', 'trace=open,openat', '-o', join(logs, 'of')]
  const { status, stderr } = spawnSync(strace, [...trace, ...argv], { env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`strace ended with ${status}: ${stderr}`)
  return openedFiles(
    readdirSync(logs)
      .map((name) => readFileSync(join(logs, name), 'utf8'))
      .join('\n'),
  )
}
