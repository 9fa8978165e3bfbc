import type { Api, Directory } from '../../directory.ts'
import { guidFrom } from '../../stable-ids.ts'

/** The id of a delegated permission (`oauth2PermissionScopes`), by which `requiredResourceAccess` names it. */
export function delegatedPermissionId(apiAppId: string, value: string): string {
  return guidFrom('delegated permission', apiAppId, value)
}

/** The id of an app role, by which `requiredResourceAccess` and assignments name it. */
export function appRoleId(apiAppId: string, value: string): string {
  return guidFrom('app role', apiAppId, value)
}

/** An API of the directory. @throws Error where the directory contradicts itself */
export function apiOf(directory: Directory, appId: string): Api {
  const api = directory.apis.find((candidate) => candidate.appId === appId)
  if (api === undefined) throw new Error(`the directory names the API ${appId} and has none`)
  return api
}
