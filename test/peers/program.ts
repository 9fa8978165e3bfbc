/** Programs of the operating system that a suite needs, by the Debian package that brings them. */
import { existsSync } from 'node:fs'

/**
 * The path of a program, for a suite that cannot do without it.
 * @throws Error naming the package to install: a peer that is not asked has agreed to nothing
 */
export function required(path: string, debianPackage: string): string {
  if (!existsSync(path)) throw new Error(`${path} is missing: install the Debian package "${debianPackage}"`)
  return path
}
