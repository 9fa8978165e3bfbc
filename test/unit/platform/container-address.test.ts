import type { NetworkInterfaceInfo } from 'node:os'
import { expect, it } from 'vitest'
import { containerAddress } from '../../../src/platform/container-address.ts'

const ipv4 = (address: string, internal = false): NetworkInterfaceInfo => ({
  address,
  internal,
  netmask: '255.255.0.0',
  mac: '00:00:00:00:00:00',
  family: 'IPv4',
  cidr: null,
})
const ipv6: NetworkInterfaceInfo = { ...ipv4('fe80::1'), family: 'IPv6', scopeid: 3 }
const others = { lo: [ipv4('127.0.0.1', true)], eth0: [ipv4('192.168.1.5')] }

it.each([
  ['the bridge of Docker', 'linux', { ...others, docker0: [ipv6, ipv4('172.17.0.1')] }, '172.17.0.1'],
  ['the bridge of Podman', 'linux', { ...others, podman0: [ipv4('10.88.0.1')] }, '10.88.0.1'],
  ['never another network', 'linux', others, undefined],
  ['nothing where a virtual machine runs containers', 'darwin', { docker0: [ipv4('172.17.0.1')] }, undefined],
] as const)('is %s', (_what, platform, interfaces, address) => {
  expect(containerAddress(platform, { ...interfaces } as never)).toBe(address)
})
