// How other programs reach a machine's sandbox as its app with a secret.

/** @returns `{ origin, tenantId, authority, tokenUrl, clientId, clientSecret, caFile }` */
export function clientOf({ createFlags, secretApp, daemonSecret }) {
  const flag = (name) => createFlags[createFlags.indexOf(name) + 1]
  const origin = flag('--authority')
  const tenantId = flag('--tenant-id')
  const authority = `${origin}/${tenantId}`
  return {
    origin,
    tenantId,
    authority,
    tokenUrl: `${authority}/oauth2/v2.0/token`,
    clientId: secretApp,
    clientSecret: daemonSecret,
    caFile: flag('--ca-file'),
  }
}
