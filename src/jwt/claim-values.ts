/**
 * What codes inside of claims stand for.
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/access-token-claims-reference
 * @see https://learn.microsoft.com/en-us/entra/identity-platform/optional-claims-reference
 */

const clientProof = new Map([
  ['0', 'not at all, a public client'],
  ['1', 'a client secret'],
  ['2', 'a certificate'],
])

/** @see https://learn.microsoft.com/en-us/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in */
const applications = new Map([
  ['00000002-0000-0000-c000-000000000000', 'Azure AD Graph, which is retired'],
  ['00000003-0000-0000-c000-000000000000', 'Microsoft Graph'],
  ['797f4846-ba00-4fd7-ba43-dac1f8f63013', 'Azure Resource Manager'],
  ['cfa8b339-82a2-471a-a3c9-0fc0be7a4093', 'Azure Key Vault'],
  ['e406a681-f3d4-42a8-90b6-c2b029497af1', 'Azure Storage'],
  ['499b84ac-1321-427f-aa17-267ca6975798', 'Azure DevOps'],
  ['04b07795-8ddb-461a-bbee-02f9e1bf7b46', 'Azure CLI'],
  ['1950a258-227b-4e31-a9cf-717495945fc2', 'Azure PowerShell'],
  ['aebc6443-996d-45c2-90f0-388ff96faa56', 'Visual Studio Code'],
  ['14d82eec-204b-4c2f-b7e8-296a70dab67e', 'Microsoft Graph Command Line Tools'],
  ['de8bc8b5-d9f9-48b1-a8ad-b748da725064', 'Graph Explorer'],
])

const audiences = new Map([
  ...applications,
  ['https://graph.microsoft.com', 'Microsoft Graph'],
  ['https://management.azure.com', 'Azure Resource Manager'],
  ['https://management.core.windows.net', 'Azure Resource Manager, by its old name'],
  ['https://vault.azure.net', 'Azure Key Vault'],
  ['https://storage.azure.com', 'Azure Storage'],
])

// Maps, not objects: a value called "constructor" must find nothing.
const valueMeanings: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  ['appidacr', clientProof],
  ['azpacr', clientProof],
  ['appid', applications],
  ['azp', applications],
  ['aud', audiences],
  [
    'acr',
    new Map([
      ['0', 'below what ISO/IEC 29115 asks for'],
      ['1', 'as ISO/IEC 29115 asks for'],
    ]),
  ],
  [
    'amr',
    new Map([
      ['pwd', 'a password'],
      ['rsa', 'a key, such as an authenticator app or a certificate'],
      ['otp', 'a one-time code'],
      ['fed', 'another identity provider'],
      ['wia', 'integrated Windows authentication'],
      ['mfa', 'more than one factor'],
      ['ngcmfa', 'more than one factor, to set up a credential'],
      ['wiaormfa', 'integrated Windows authentication, or more than one factor'],
      ['none', 'not completed'],
    ]),
  ],
  ['xms_cc', new Map([['cp1', 'claims challenges, so its tokens may live long and be revoked at once']])],
  [
    'idtyp',
    new Map([
      ['app', 'an app, without a user'],
      ['user', 'an app on behalf of a user'],
      ['device', 'a device'],
    ]),
  ],
  [
    'acct',
    new Map([
      ['0', 'a member of the tenant'],
      ['1', 'a guest in the tenant'],
    ]),
  ],
  ['tid', new Map([['9188040d-6c67-4c5b-b112-36a304b66dad', 'the tenant of personal Microsoft accounts']])],
  ['idp', new Map([['live.com', 'a personal Microsoft account']])],
])

/** What a value of a claim stands for, where it is a code: of a list, each item that is known. */
export function valueMeaning(name: string, value: unknown): string | undefined {
  const known = valueMeanings.get(name)
  if (!known) return undefined
  // More than a handful is no list of codes.
  const items: readonly unknown[] = Array.isArray(value) ? value.slice(0, 12) : [value]
  const meanings = items.map((item) => known.get(codeOf(item))).filter((text) => text !== undefined)
  return meanings.length > 0 ? [...new Set(meanings)].join(', ') : undefined
}

/** Codes are written as texts or as numbers. Resources are known with a slash at their end and without. */
function codeOf(value: unknown): string {
  const code = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  return code.length > 1 && code.endsWith('/') ? code.slice(0, -1) : code
}
