// Runs the test projects named on the command line and ends with one line that counts them: `N passed, N failed`.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const projects = process.argv.slice(2)
const folder = mkdtempSync(join(tmpdir(), 'entra-auth-cli-tests-'))
const report = join(folder, 'report.json')
const vitest = join('node_modules', 'vitest', 'vitest.mjs')
const run = spawnSync(
  process.execPath,
  [
    vitest,
    'run',
    ...projects.flatMap((name) => ['--project', name]),
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ],
  { stdio: 'inherit' },
)

const { passed, failed } = count(report)
rmSync(folder, { recursive: true, force: true })
console.log(`${passed} passed, ${failed} failed`)
// A run that counts nothing has proved nothing, whatever it says.
process.exitCode = run.status === 0 && failed === 0 && passed > 0 ? 0 : 1

function count(path) {
  try {
    const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(path, 'utf8'))
    // A file that does not load has no tests that could fail.
    return { passed: numPassedTests, failed: Math.max(numFailedTests, numFailedTestSuites > 0 ? 1 : 0) }
  } catch {
    return { passed: 0, failed: 1 }
  }
}
