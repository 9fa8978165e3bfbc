import type { Environment } from './ports.ts'

/**
 * Set by coding agents in the programs they start, as each documents. What such a program prints is read by the agent, and
 * recorded.
 * @see https://github.com/agentsmd/agents.md/issues/136 which lists them
 */
const variables = [
  'AI_AGENT',
  'AUGMENT_AGENT',
  'CLAUDECODE',
  'CODEX_SANDBOX',
  'COPILOT_CLI',
  'CURSOR_AGENT',
  'GEMINI_CLI',
  'GOOSE_TERMINAL',
  'OPENCODE',
  'VSCODE_AGENT',
] as const

/** Whether a coding agent runs this program, as far as it says so. A hint for people, and nothing to rely on. */
export function isAgentAtWork(env: Environment): boolean {
  return variables.some((name) => isOn(env[name]))
}

/** Whether `ENTRA_AUTH_CLI_REDACT` forbids to show tokens. */
export function isRedactionOn(env: Environment): boolean {
  return isOn(env['ENTRA_AUTH_CLI_REDACT'])
}

function isOn(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false', 'no', 'off'].includes(value.trim().toLowerCase())
}
