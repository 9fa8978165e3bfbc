import type { Environment } from './ports.ts'

/**
 * The command that lets a browser at the other end of this SSH session reach a port here, to be run there; undefined
 * where this is no SSH session. The server's address is the one SSH itself was reached at.
 * @see https://man.openbsd.org/ssh#SSH_CONNECTION
 */
export function tunnelCommand(env: Environment, port: number): string | undefined {
  const [, , address, sshPort] = env['SSH_CONNECTION']?.split(' ') ?? []
  if (address === undefined || !/^[\w.:%-]+$/.test(address)) return undefined
  const user = env['USER'] ?? env['LOGNAME'] ?? ''
  const destination = /^[\w.-]+$/.test(user) ? `${user}@${address}` : address
  const otherPort = sshPort !== undefined && /^\d+$/.test(sshPort) && sshPort !== '22' ? ` -p ${sshPort}` : ''
  return `ssh -N -L ${port}:localhost:${port}${otherPort} ${destination}`
}
