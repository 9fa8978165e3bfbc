import type { Host } from '../ports.ts'
import type { AssertionSource, Profile } from '../profiles/profile.ts'
import type { Finding } from './check.ts'
import { editCommand } from './edit-command.ts'
import { unsetVariable } from './unset-variable.ts'

type AssertionHost = Pick<Host, 'env' | 'files' | 'platform'>

const name = 'assertion'

/** What keeps a profile's assertion from being fetched here. Fetches none: they live for minutes. */
export async function assertionFindings(
  profile: Profile,
  source: AssertionSource,
  host: AssertionHost,
): Promise<readonly Finding[]> {
  switch (source.from) {
    case 'file':
      return fileFindings(profile, source.path, host)
    case 'environment':
      return unsetVariable(name, source.variable, `the assertion of "${profile.name}"`, host)
    case 'command':
      return []
    case 'github-actions':
      return elsewhere('ACTIONS_ID_TOKEN_REQUEST_URL', 'a GitHub Actions job with "id-token: write"', host)
    case 'azure-pipelines':
      return elsewhere('SYSTEM_OIDCREQUESTURI', 'an Azure Pipelines job', host)
  }
}

async function fileFindings(
  profile: Profile,
  written: string | undefined,
  { env, files }: AssertionHost,
): Promise<readonly Finding[]> {
  const path = written ?? env['AZURE_FEDERATED_TOKEN_FILE']
  if (!path)
    return elsewhere('AZURE_FEDERATED_TOKEN_FILE', "a pod with Kubernetes' workload identity", { env })
  if ((await files.look(path)) !== undefined) return []
  const fact = `the file "${path}" with the assertion of "${profile.name}" is not there`
  const remedy = editCommand(profile.name, '--federated-token-file FILE')
  return [{ name, status: 'failed', fact, remedy }]
}

/** Such a profile is made for another place: that it cannot be used here is no fault. */
function elsewhere(variable: string, place: string, { env }: Pick<Host, 'env'>): readonly Finding[] {
  if (env[variable]) return []
  return [{ name, status: 'not_applicable', fact: `its assertion can be had only in ${place}` }]
}
