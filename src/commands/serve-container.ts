import type { Host } from '../core/ports.ts'
import { EntraAuthError } from '../errors.ts'

/** How containers of Docker call the machine they run on. */
export const containerHost = 'host.docker.internal'

/** Where containers reach this machine. */
export interface ContainerPlace {
  /** To listen on, beside the loopback interface. */
  readonly addresses: readonly string[]
  /** Names and addresses by which they may call it. */
  readonly hostNames: readonly string[]
  /** Who can reach it, as a clause. */
  readonly reach: string
}

/**
 * Where `--container` listens: never on all addresses, for then every machine of the network could ask.
 * @param wanted an address of this machine; true for that of its containers' bridge
 * @throws EntraAuthError `invalid_arguments` for what is no single IPv4 address
 */
export async function containerPlace(
  wanted: string | true | undefined,
  host: Pick<Host, 'tokenServer'>,
): Promise<ContainerPlace | undefined> {
  if (wanted === undefined) return undefined
  const address = wanted === true ? await host.tokenServer.containerAddress() : checked(wanted)
  const names = [containerHost, 'host.containers.internal']
  return address === undefined
    ? { addresses: [], hostNames: names, reach: 'containers on this machine can reach this address' }
    : {
        addresses: address === '127.0.0.1' ? [] : [address],
        hostNames: [...names, address],
        reach: `whatever reaches ${address} can reach this address`,
      }
}

function checked(text: string): string {
  const bytes = text.split('.')
  const isAddress = bytes.length === 4 && bytes.every((byte) => /^\d{1,3}$/.test(byte) && Number(byte) <= 255)
  if (isAddress && bytes[0] !== '0') return text
  throw new EntraAuthError(
    'invalid_arguments',
    isAddress
      ? `on ${text} every machine of the network could ask for tokens`
      : `"${text}" is no IPv4 address of this machine`,
    { hint: "name the address of the containers' bridge, such as --container 172.17.0.1" },
  )
}
