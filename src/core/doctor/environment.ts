import type { Environment, Host, MachineFacts } from '../ports.ts'
import type { Finding } from './check.ts'

type EnvironmentHost = Pick<Host, 'env' | 'files' | 'machine' | 'desktop' | 'platform' | 'terminal'>

/** The variables that change what this program does. Their names are told, never their values. */
const telling =
  /^(ENTRA_AUTH_CLI_\w+|AZURE_(CLIENT_(SECRET|CERTIFICATE_PASSWORD|ID)|TENANT_ID|AUTHORITY_HOST|FEDERATED_TOKEN_FILE)|GITHUB_ACTIONS|ACTIONS_ID_TOKEN_REQUEST_URL|SYSTEM_OIDCREQUESTURI|(https|all|no)_proxy|NODE_(EXTRA_CA_CERTS|OPTIONS|TLS_REJECT_UNAUTHORIZED|USE_SYSTEM_CA)|SSL_CERT_(FILE|DIR)|BROWSER|CI|NO_COLOR|FORCE_COLOR|TERM|SSH_(CONNECTION|TTY|CLIENT)|(WAYLAND_)?DISPLAY|WSL_DISTRO_NAME|container|DBUS_SESSION_BUS_ADDRESS|XDG_(CONFIG_HOME|RUNTIME_DIR)|CREDENTIALS_DIRECTORY)$/i

/** Variables that hold a secret, and the better way; what a process and its children can read in theirs. */
const secretVariables: Readonly<Record<string, string>> = {
  AZURE_CLIENT_SECRET: 'entra-auth-cli config edit NAME --client-secret -',
  AZURE_CLIENT_CERTIFICATE_PASSWORD: 'entra-auth-cli get-token -p NAME --cache-cert-password',
  ENTRA_AUTH_CLI_ASSERTION: 'send it to the stdin of "entra-auth-cli get-token --assertion -" instead',
  ENTRA_AUTH_CLI_KEY: 'name a file with mode 0600 in ENTRA_AUTH_CLI_KEY_FILE instead',
  ENTRA_AUTH_CLI_PASSPHRASE: 'name a file with mode 0600 in ENTRA_AUTH_CLI_PASSPHRASE_FILE instead',
}

const oldestNode = [20, 18] as const

/** Where this runs, and what the environment asks of it. */
export async function checkEnvironment(
  host: EnvironmentHost,
  programVersion: string,
): Promise<readonly Finding[]> {
  const facts = await host.machine.facts()
  return [
    programFinding(programVersion, facts, host.platform),
    placeFinding(facts),
    terminalFinding(host),
    browserFinding(host),
    variablesFinding(host.env),
    ...secretFindings(host.env, facts),
    ...(await trustFindings(host)),
  ]
}

function programFinding(
  version: string,
  { nodeVersion, architecture }: MachineFacts,
  platform: string,
): Finding {
  const name = 'program'
  const fact = `entra-auth-cli ${version} with Node ${nodeVersion} on ${platform} ${architecture}`
  const [major = 0, minor = 0] = nodeVersion.split('.').map(Number)
  const isOld = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])
  if (!isOld) return { name, status: 'ok', fact }
  return { name, status: 'warning', fact, remedy: `install Node ${oldestNode.join('.')} or later` }
}

function placeFinding(facts: MachineFacts): Finding {
  const places = [
    facts.isWsl && 'Windows Subsystem for Linux',
    facts.isContainer && 'a container',
    facts.isSsh && 'an SSH session',
    facts.isCi && 'a CI job',
  ].filter((place) => place !== false)
  const fact =
    places.length === 0 ? 'this machine itself: no container, no SSH session, no CI job' : places.join(', ')
  return { name: 'place', status: 'ok', fact }
}

function terminalFinding({ terminal }: EnvironmentHost): Finding {
  const name = 'terminal'
  // The result may well go to a file: questions are asked on stderr.
  return terminal.stdin.isTerminal && terminal.stderr.isTerminal
    ? { name, status: 'ok', fact: 'somebody can be asked' }
    : { name, status: 'not_applicable', fact: 'none; nobody is asked anything' }
}

function browserFinding({ desktop }: EnvironmentHost): Finding {
  const name = 'browser'
  const obstacle = desktop.browserObstacle()
  return obstacle === undefined
    ? { name, status: 'ok', fact: 'can be opened from here' }
    : {
        name,
        status: 'not_applicable',
        fact: `none can be opened (${obstacle}); sign in with --flow device-code`,
      }
}

function variablesFinding(env: Environment): Finding {
  const names = Object.keys(env)
    .filter((variable) => telling.test(variable) && env[variable])
    .toSorted()
  return {
    name: 'variables',
    status: 'ok',
    fact: names.length === 0 ? 'none that matters is set' : `set: ${names.join(', ')}`,
  }
}

/** In a CI job a variable is how secrets arrive. */
function secretFindings(env: Environment, { isCi }: MachineFacts): readonly Finding[] {
  if (isCi) return []
  return Object.entries(secretVariables)
    .filter(([variable]) => env[variable])
    .map(([variable, remedy]) => ({
      name: 'secret-variable',
      subject: variable,
      status: 'warning',
      fact: `${variable} holds a secret, which every program started from here can read`,
      remedy,
    }))
}

async function trustFindings({ env, files }: EnvironmentHost): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0') {
    findings.push({
      name: 'tls-checks',
      status: 'warning',
      fact: 'NODE_TLS_REJECT_UNAUTHORIZED turns off the check of every certificate: secrets may go to anybody',
      remedy: 'unset NODE_TLS_REJECT_UNAUTHORIZED',
    })
  }
  const extra = env['NODE_EXTRA_CA_CERTS']
  if (extra && (await files.look(extra)) === undefined) {
    findings.push({
      name: 'extra-ca-certs',
      status: 'warning',
      fact: 'NODE_EXTRA_CA_CERTS names a file that is not there, and Node goes on without it',
      remedy: 'export NODE_EXTRA_CA_CERTS=FILE.pem',
    })
  }
  return findings
}
