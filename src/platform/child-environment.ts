import type { Environment } from '../core/ports.ts'

const secret =
  /^(ENTRA_AUTH_CLI_KEY|ENTRA_AUTH_CLI_PASSPHRASE|AZURE_CLIENT_SECRET$|AZURE_CLIENT_CERTIFICATE_PASSWORD$)/i

/** Whether a variable holds a secret of ours that no program we start needs to see. */
export function isSecretVariable(name: string): boolean {
  return secret.test(name)
}

/** The environment for a program we start: all but our secrets. */
export function childEnvironment(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isSecretVariable(name)))
}
