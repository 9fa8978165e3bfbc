import type { EntraCodeTable } from './entra-code.ts'
import { credentialsPage, page, tellAdministrator } from './next-steps.ts'

const trust = page('workload-id/workload-identity-federation-create-trust')
const flexible = page('workload-id/workload-identities-flexible-federated-identity-credentials')
const considerations = page('workload-id/workload-identity-federation-considerations')
const compare = `compare issuer, subject and audience by the letter: ${credentialsPage} > Federated credentials`
const claims = 'see what the token says: "entra-auth-cli inspect --claims" shows iss, sub and aud'
const wait = 'a new federated credential needs some minutes before it counts: try again'
const checkClient = 'check that it is the right app: "entra-auth-cli config show NAME"'
const expression = `mend the expression: ${credentialsPage} > Federated credentials`
const notFound = 'no federated credential of the app fits'

/** Workload identity federation: tokens of GitHub, Kubernetes and others in place of a secret. */
export const workloadFederationCodes: EntraCodeTable = {
  70021: {
    fact: `${notFound} the token`,
    causes: [
      'issuer, subject or audience differ from the federated credential, be it by case or a slash',
      'the federated credential was made only moments ago',
    ],
    who: 'app-owner',
    remedy: [compare, claims, wait],
    link: trust,
  },
  700211: {
    fact: `${notFound} the issuer of the token`,
    causes: [
      'the issuer is written differently: a slash at the end, another cluster, another organization',
      'the token handed in is not the one of the outside issuer: an access token of Entra, say',
      'the federated credential was made only moments ago',
    ],
    who: 'app-owner',
    remedy: [compare, claims, wait],
    link: trust,
  },
  700212: {
    fact: `${notFound} the audience of the token`,
    causes: ['the token was minted for another audience than api://AzureADTokenExchange'],
    who: 'you',
    remedy: ['mint the token for the audience api://AzureADTokenExchange', claims, compare],
    link: trust,
  },
  700213: {
    fact: `${notFound} the subject of the token`,
    causes: [
      'the token comes from another branch, environment, service account or project than the credential names',
      'the subject differs by upper and lower case only',
      'the provider writes subjects in a new form, such as with numbers of owner and repository',
      'the federated credential was made only moments ago',
    ],
    who: 'app-owner',
    remedy: [compare, claims, wait],
    link: trust,
  },
  7002131: {
    fact: `${notFound} the subject of the token, and no expression matches it`,
    causes: [
      'the expression of the flexible federated credential does not match the subject',
      'the provider writes subjects in a new form, such as with numbers of owner and repository',
      'the run is of a kind that no credential names: another branch, a merge queue',
    ],
    who: 'app-owner',
    remedy: [compare, claims],
    link: flexible,
  },
  7002137: {
    fact: `${notFound} the subject of the token, which another app of Entra has issued`,
    causes: ['the subject is written with the tenant or app in another form than the token has it'],
    who: 'app-owner',
    remedy: ['copy the subject from the message into the federated credential', compare],
    link: trust,
  },
  7002138: {
    fact: 'the subject of the token fits a federated credential but for upper and lower case',
    causes: ['the names of organization, repository or environment differ in case; the comparison is strict'],
    who: 'app-owner',
    remedy: [compare, claims],
    link: page('identity-platform/reference-breaking-changes'),
  },
  70025: {
    fact: 'the app has no federated credential',
    causes: ['it was never added, or to another app', 'the client id is that of another app'],
    who: 'app-owner',
    remedy: [`add one: ${credentialsPage} > Federated credentials`, checkClient],
    link: trust,
  },
  7000226: {
    fact: 'the app has no federated credential that the assertion could be checked by',
    causes: ['it was never added, or to another app', 'the client id is that of another app'],
    who: 'app-owner',
    remedy: [`add one: ${credentialsPage} > Federated credentials`, checkClient],
    link: trust,
  },
  700223: {
    fact: 'the tenant does not take federated credentials of this kind',
    causes: ['an administrator has turned off workload identity federation by policy'],
    who: 'administrator',
    remedy: [tellAdministrator, 'until then use a certificate: "entra-auth-cli config create --help"'],
    link: considerations,
  },
  700238: {
    fact: 'the tenant does not take federated credentials of this issuer',
    causes: ['an administrator has limited workload identity federation by policy'],
    who: 'administrator',
    remedy: [tellAdministrator, 'until then use a certificate: "entra-auth-cli config create --help"'],
    link: considerations,
  },
  7002381: {
    fact: 'the tenant takes tokens of this issuer only with a certain claim, such as the enterprise',
    causes: ['the repository does not belong to an enterprise that the policy of the tenant names'],
    who: 'administrator',
    remedy: [claims, tellAdministrator],
    link: considerations,
  },
  700229: {
    name: 'ForbiddenTokenType',
    fact: "a user's token was handed in as assertion; only an app's own token of Entra will do",
    causes: ['the token was got by a sign-in instead of client credentials'],
    who: 'developer',
    remedy: [
      'get it with "entra-auth-cli get-token -p NAME --flow client-credentials --scope api://AzureADTokenExchange/.default"',
    ],
    link: page('workload-id/workload-identity-federation-config-app-trust-managed-identity'),
  },
  700231: {
    fact: 'a token got through one federated credential cannot serve as assertion for another',
    causes: ['two federations are chained: the assertion itself came from a federated credential'],
    who: 'developer',
    remedy: ['use the first token directly: give each app a federated credential for the outside issuer'],
    link: considerations,
  },
  7002241: {
    fact: 'expressions are not supported for this issuer',
    causes: [
      'flexible federated credentials serve only some issuers, such as GitHub, GitLab and Terraform Cloud',
    ],
    who: 'app-owner',
    remedy: [`name the exact subject instead: ${credentialsPage} > Federated credentials`],
    link: flexible,
  },
  700233: {
    name: 'FederatedIdentityCredentialInvalidExpression',
    fact: 'the expression of the federated credential cannot be read',
    causes: ["quotes or an operator are wrong; the form is claims['sub'] matches '…'"],
    who: 'app-owner',
    remedy: [expression],
    link: flexible,
  },
  700234: {
    name: 'FederatedIdentityCredentialExpressionEvaluationException',
    fact: 'the expression of the federated credential could not be applied to this token',
    causes: ['a claim is missing, or of another type than the expression expects'],
    who: 'app-owner',
    remedy: [claims, expression],
    link: flexible,
  },
  700235: {
    fact: 'expressions are not supported for this kind of identity',
    causes: ['a flexible federated credential stands on a managed identity instead of an app registration'],
    who: 'app-owner',
    remedy: ['name the exact subject in the federated credential, or use an app registration'],
    link: flexible,
  },
  700237: {
    name: 'FederatedIdentityCredentialExpressionNotAllowed',
    fact: 'the expression of the federated credential is not allowed for this issuer',
    causes: ['it uses a claim or operator that this issuer does not support'],
    who: 'app-owner',
    remedy: [expression],
    link: flexible,
  },
}
