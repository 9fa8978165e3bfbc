import { BlockList, isIP } from 'node:net'

/**
 * Whether a list such as `NO_PROXY` exempts a host, by the rules of curl: `*` is everything, a name covers its subdomains
 * too (with or without a leading dot), an address may have a prefix length, and a port narrows a rule.
 * @param rules separated by commas or blanks
 * @see https://everything.curl.dev/usingcurl/proxies/env.html
 */
export function isExempt(url: URL, rules: string): boolean {
  const host = withoutDot(url.hostname.replace(/^\[|\]$/g, '').toLowerCase())
  const port = url.port || '443'
  return rules
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
    .some((rule) => covers(readRule(rule), host, port))
}

interface Rule {
  /** A name, an address, or an address with a prefix length; `*` for everything. */
  readonly host: string
  readonly port: string | undefined
}

function readRule(text: string): Rule {
  // An IPv6 address is full of colons: only within brackets can a port follow it.
  const [, bracketed, bracketedPort] = /^\[(.+)\](?::(\d+))?$/.exec(text) ?? []
  if (bracketed !== undefined) return { host: bracketed, port: bracketedPort }
  const [, host, port] = /^([^:]+):(\d+)$/.exec(text) ?? []
  return { host: host ?? text, port }
}

function covers(rule: Rule, host: string, port: string): boolean {
  if (rule.port !== undefined && rule.port !== port) return false
  if (rule.host === '*') return true
  if (isIP(host) !== 0) return coversAddress(rule.host, host)
  const domain = withoutDot(rule.host.replace(/^\*?\./, ''))
  return host === domain || host.endsWith(`.${domain}`)
}

function coversAddress(rule: string, address: string): boolean {
  const [network = '', length] = rule.split('/')
  const version = isIP(network)
  if (version === 0 || version !== isIP(address)) return false
  const bits = version === 4 ? 32 : 128
  const prefix = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN
  if (!(prefix <= bits)) return false
  const family = version === 4 ? 'ipv4' : 'ipv6'
  const list = new BlockList()
  list.addSubnet(network, prefix, family)
  return list.check(address, family)
}

/** A name with a dot at its end is the same name. */
const withoutDot = (name: string) => name.replace(/\.$/, '')
