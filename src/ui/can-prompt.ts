import type { Environment, Terminal } from '../core/ports.ts'

/**
 * Whether a question can be asked: somebody can type, somebody can read, it is not an automated run, and
 * `ENTRA_AUTH_CLI_INTERACTIVE` does not say that nobody is there. Prompt libraries hang or end in silence otherwise.
 */
export function canPrompt(terminal: Terminal, env: Environment): boolean {
  const isForbidden = isAutomated(env) || env['TERM'] === 'dumb' || env['ENTRA_AUTH_CLI_INTERACTIVE'] === '0'
  return terminal.stdin.isTerminal && terminal.stderr.isTerminal && !isForbidden
}

/**
 * Why nobody can be asked to sign in; undefined where somebody can. `ENTRA_AUTH_CLI_INTERACTIVE` decides where it is
 * set: `1` for a launcher without a terminal that has a person in front of it, `0` for a terminal that has none.
 */
export function signInObstacle(terminal: Terminal, env: Environment): string | undefined {
  const decided = env['ENTRA_AUTH_CLI_INTERACTIVE']
  if (decided === '1') return undefined
  if (decided === '0') return 'ENTRA_AUTH_CLI_INTERACTIVE forbids to ask'
  if (isAutomated(env)) return 'this is an automated run (CI is set)'
  if (!terminal.stdin.isTerminal && !terminal.stderr.isTerminal) return 'there is no terminal'
  return undefined
}

function isAutomated(env: Environment): boolean {
  const value = env['CI']
  return value !== undefined && value !== '' && value !== '0' && value !== 'false'
}
