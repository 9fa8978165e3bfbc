import type { networkInterfaces } from 'node:os'

/** The bridges of Docker and of Podman (before and with Netavark), as they name them. */
const bridges = ['docker0', 'podman0', 'cni-podman0']

/**
 * The address of this machine on the bridge of its containers. Where a virtual machine runs them (Docker Desktop, also
 * under WSL) there is no bridge here: they reach the loopback interface as `host.docker.internal`.
 */
export function containerAddress(
  platform: NodeJS.Platform,
  interfaces: ReturnType<typeof networkInterfaces>,
): string | undefined {
  if (platform !== 'linux') return undefined
  return bridges
    .flatMap((name) => interfaces[name] ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address
}
