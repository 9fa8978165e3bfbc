import { describe, expect, it } from 'vitest'
import { accountTypeCodes } from '../../../src/core/entra-codes/apps-accounts.ts'
import { credentialCodes } from '../../../src/core/entra-codes/apps-credentials.ts'
import { registrationCodes } from '../../../src/core/entra-codes/apps-registration.ts'
import type { EntraCode, EntraCodeTable } from '../../../src/core/entra-codes/entra-code.ts'
import { userCertificateCodes } from '../../../src/core/entra-codes/federation-certificates.ts'
import { claimsProviderCodes } from '../../../src/core/entra-codes/federation-claims.ts'
import { onPremisesSignInCodes } from '../../../src/core/entra-codes/federation-on-premises.ts'
import { passwordChangeCodes } from '../../../src/core/entra-codes/federation-passwords.ts'
import { samlCodes } from '../../../src/core/entra-codes/federation-saml.ts'
import { wsFederationCodes } from '../../../src/core/entra-codes/federation-ws-federation.ts'
import { pageCodes } from '../../../src/core/entra-codes/service-pages.ts'
import { workloadFederationCodes } from '../../../src/core/entra-codes/federation-workload.ts'
import { deviceCodeCodes } from '../../../src/core/entra-codes/grants-device-code.ts'
import { scopeCodes } from '../../../src/core/entra-codes/grants-scopes.ts'
import { signInCodes } from '../../../src/core/entra-codes/grants-sign-in.ts'
import { grantCodes } from '../../../src/core/entra-codes/grants-tokens.ts'
import { accessPolicyCodes } from '../../../src/core/entra-codes/policy-access.ts'
import { tenantAccessCodes } from '../../../src/core/entra-codes/policy-tenants.ts'
import { availabilityCodes } from '../../../src/core/entra-codes/service-availability.ts'
import { cloudCodes } from '../../../src/core/entra-codes/service-clouds.ts'
import { deviceCodes } from '../../../src/core/entra-codes/service-devices.ts'
import { requestCodes } from '../../../src/core/entra-codes/service-requests.ts'

const tables: readonly EntraCodeTable[] = [
  accountTypeCodes,
  wsFederationCodes,
  pageCodes,
  credentialCodes,
  registrationCodes,
  userCertificateCodes,
  claimsProviderCodes,
  onPremisesSignInCodes,
  passwordChangeCodes,
  samlCodes,
  workloadFederationCodes,
  deviceCodeCodes,
  scopeCodes,
  signInCodes,
  grantCodes,
  accessPolicyCodes,
  tenantAccessCodes,
  availabilityCodes,
  cloudCodes,
  deviceCodes,
  requestCodes,
]

const entries = tables
  .flatMap((table) => Object.entries(table))
  .map(([number, code]) => [Number(number), code] as const)
const codes = new Map<number, EntraCode>(entries)

// Every number from 70000 on in Microsoft's reference, as of its page in MicrosoftDocs/entra-docs of April 2024 on.
// https://learn.microsoft.com/entra/identity-platform/reference-error-codes
const published = `
  70000 70001 70002 70003 70004 70005 70007 70008 70011 70012 70016 70018 70019 70043
  75001 75003 75005 75008 75011 75016 76021 76026
  80001 80002 80005 80007 80010 80012 80013 80014 81004 81005 81006 81007 81009 81010 81011 81012
  90002 90004 90005 90006 90007 90008 90009 90010 90012 90013 90014 90015 90016 90019 90020 90022 90023 90024 90027
  90033 90036 90038 90043 90051 90055 90056 90072 90081 90082 90084 90085 90086 90087 90090 90091 90092 90093 90094
  90095 90099 90100 90101 90102 90107 90114 90117 90119 90120 90121 90123 90124 90125 90126 90130
  100007 120000 120002 120003 120004 120005 120008 120011 120012 120013 120014 120015 120016 120018 120020 120021
  130004 130005 130006 130007 130008 135010 135011 140000 140001 160021 165004 165900
  220450 220501 221000 230109 240001 240002
  500011 500021 500022 500133 500208 500212 500213 501241 501461 501481 501491 501621 530032 530034 530035
  650052 650054 650056 650057 700005 700011 700016 700020 700022 700023 700025 700027 700030 700054 700082 700084
  700229 750054 900144 900236 900382 900384 900432 900561 900971 901002
  1000000 1000002 1000031 1000104 5000819 7000112 7000114 7000215 7000218 7000222 7500514 7500529
  9001023 9002313 9002332 9002341
`
  .trim()
  .split(/\s+/)
  .map(Number)

// Met in the field, and missing there.
const met = [
  70020, 70021, 70025, 70044, 82001, 500014, 500113, 500121, 500131, 500200, 500202, 500207, 500341, 501051,
  530002, 530003, 530004, 530031, 530033, 530036, 530084, 650051, 650053, 650059, 700003, 700007, 700024,
  700051, 700211, 700212, 700213, 700223, 700238, 900023, 900439, 1002012, 1003031, 5000211, 5000224, 5000225,
  7000110, 7000113, 7000214, 7000216, 7000226, 7002131, 7002138, 9002325, 9002326, 9002327, 9002331, 9002346,
]

const readersWhoAct = new Set(['you', 'app-owner', 'administrator', 'developer', 'microsoft'])

function entry(number: number): EntraCode {
  const code = codes.get(number)
  if (!code) throw new Error(`${number} is not in the tables`)
  return code
}

describe('the numbers', () => {
  it('of the reference are all there', () => {
    expect(published.filter((number) => !codes.has(number))).toEqual([])
  })

  it('met in the field are all there', () => {
    expect(met.filter((number) => !codes.has(number))).toEqual([])
  })

  it('stand once each', () => {
    expect(codes.size).toBe(entries.length)
  })

  it('are those from 70000 on', () => {
    expect([...codes.keys()].filter((number) => number < 70000)).toEqual([])
  })
})

/** The texts that break a rule, each with its number: an empty list is what a test wants to see. */
function offenders(
  texts: (code: EntraCode) => readonly string[],
  breaks: (text: string) => boolean,
): string[] {
  return entries.flatMap(([number, code]) =>
    texts(code)
      .filter(breaks)
      .map((text) => `${number}: ${text}`),
  )
}

const allTexts = (code: EntraCode) => [code.fact, ...code.causes, ...code.remedy]
const names = /^(Entra|Active Directory|Microsoft|Windows|Android|NameIDPolicy)\b/

describe('every number', () => {
  it.each([
    ['of one line without blanks around it', (text: string) => !/^\S.*\S$/.test(text)],
    ['without control characters', (text: string) => /\p{Cc}/u.test(text)],
    ['without a full stop at its end', (text: string) => text.endsWith('.')],
    ['of at most 160 characters', (text: string) => text.length > 160],
  ])('is told in clauses %s', (_rule, breaks) => {
    expect(offenders(allTexts, breaks)).toEqual([])
  })

  it('has a fact and causes that begin in lower case, but for names', () => {
    const told = (code: EntraCode) => [code.fact, ...code.causes]
    expect(offenders(told, (text) => /^[^a-z"'0-9<]/.test(text) && !names.test(text))).toEqual([])
  })

  it('says nothing twice', () => {
    expect(entries.filter(([, code]) => new Set(allTexts(code)).size < allTexts(code).length)).toEqual([])
  })

  it('has a cause, somebody who must act, and a remedy', () => {
    const bare = ([, code]: readonly [number, EntraCode]) =>
      code.causes.length === 0 || code.remedy.length === 0 || !readersWhoAct.has(code.who)
    expect(entries.filter(bare)).toEqual([])
  })

  it('links to Microsoft alone', () => {
    const links = (code: EntraCode) => (code.link === undefined ? [] : [code.link])
    const isForeign = (link: string) => !/^https:\/\/learn\.microsoft\.com\/[\w/.-]+$/.test(link)
    expect(offenders(links, isForeign)).toEqual([])
  })
})

describe('what matters at night', () => {
  it.each([
    [70000, 'you', 'no longer valid', 'get-token'],
    [70008, 'you', 'expired', 'get-token'],
    [70011, 'you', 'scope', '<API>/<permission>'],
    [70016, 'you', 'device code', 'enter it'],
    [70021, 'app-owner', 'federated credential', 'issuer, subject and audience'],
    [70043, 'you', 'fresh sign-in', 'get-token'],
    [80001, 'administrator', 'Active Directory', 'agents'],
    [90002, 'you', 'no such tenant', 'tenant id'],
    [90014, 'you', 'field is missing', 'config show'],
    [90072, 'you', 'not known in this tenant', '--prompt select_account'],
    [90094, 'administrator', 'consent', 'Grant admin consent'],
    [500011, 'you', 'API named in the scope', 'service principal'],
    [500021, 'administrator', 'network', 'Restrict-Access-To-Tenants'],
    [500113, 'app-owner', 'no redirect URI', 'http://localhost'],
    [500121, 'you', 'second factor', 'phone'],
    [530003, 'you', 'managed device', 'administrator'],
    [530035, 'you', 'security defaults', '--flow interactive-browser'],
    [530036, 'you', 'device code', '--flow interactive-browser'],
    [530084, 'administrator', 'token protection', 'Conditional Access > Policies'],
    [700016, 'you', 'no app with this client id', 'wrong tenant'],
    [700024, 'you', 'assertion', 'clock'],
    [700025, 'you', 'public client', 'make the profile without'],
    [700027, 'app-owner', 'certificate', 'Certificates & secrets'],
    [700082, 'you', 'refresh token has expired', 'get-token'],
    [700084, 'you', 'single-page', 'get-token'],
    [700211, 'app-owner', 'issuer', 'Federated credentials'],
    [700212, 'you', 'audience', 'api://AzureADTokenExchange'],
    [700213, 'app-owner', 'subject', 'Federated credentials'],
    [1002012, 'you', '/.default', '--scope <API>/.default'],
    [7000112, 'administrator', 'disabled', 'Enabled for users to sign in'],
    [7000215, 'you', 'client secret is wrong', "secret's value, not its id"],
    [7000218, 'app-owner', 'public client', 'Allow public client flows'],
    [7000222, 'app-owner', 'client secret has expired', 'add a new secret'],
    [9002313, 'you', 'malformed', 'config show'],
    [9002327, 'app-owner', 'single-page', 'Mobile and desktop applications'],
    [9002331, 'you', 'personal', '--tenant consumers'],
  ])('AADSTS%i: %s must act', (number, who, fact, hint) => {
    expect(entry(number).who).toBe(who)
    expect(entry(number).fact).toContain(fact)
    expect(entry(number).remedy[0]).toContain(hint)
  })

  it.each([
    [70019, 'timeout'],
    [70020, 'timeout'],
    [90012, 'timeout'],
    [90033, 'network'],
    [90055, 'network'],
    [70043, 'interaction_required'],
    [700020, 'interaction_required'],
    [900023, 'invalid_arguments'],
    [7000215, undefined],
    [530003, undefined],
  ])('AADSTS%i is a failure of the kind %s', (number, code) => {
    expect(entry(number).code).toBe(code)
  })

  it('never advises to turn a protection off where another way to sign in will do', () => {
    expect(entry(530035).remedy.join(' ')).not.toMatch(/turn .*off|disable/)
  })
})
