import type { Environment } from '../core/ports.ts'

const secret =
  /^(ENTRA_AUTH_CLI_KEY|ENTRA_AUTH_CLI_PASSPHRASE|ENTRA_AUTH_CLI_ASSERTION$|AZURE_CLIENT_SECRET$|AZURE_CLIENT_CERTIFICATE_PASSWORD$)/i

/** Whether a variable holds a secret of ours that no program we start needs to see. */
export function isSecretVariable(name: string): boolean {
  return secret.test(name)
}

/** The environment for a program we start: all but our secrets. */
export function childEnvironment(
  env: Environment,
  isHidden: (name: string) => boolean = isSecretVariable,
): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isHidden(name)))
}

/** The variables that no program we start gets to see: our own secrets, and those that profiles name. */
export class HiddenVariables {
  // Windows does not tell the case of names apart.
  readonly #named = new Set<string>()

  add(names: readonly string[]): void {
    for (const name of names) this.#named.add(name.toUpperCase())
  }

  readonly has = (name: string): boolean => isSecretVariable(name) || this.#named.has(name.toUpperCase())
}
