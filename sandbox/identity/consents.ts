import type { Api, App, User } from '../directory.ts'

/** Who allowed which app what: the administrator's consent of the directory, and what people consented to on the page. */
export class Consents {
  private readonly given = new Map<string, Set<string>>()

  /** The delegated permissions an app may use on an API for this person. */
  granted(app: App, user: User, api: Api): ReadonlySet<string> {
    const byAdministrator = app.adminConsented.find(({ resource }) => resource === api.appId)?.delegated ?? []
    return new Set([...byAdministrator, ...(this.given.get(keyOf(app, user, api)) ?? [])])
  }

  /** Adds to what the person consented to before. */
  give(app: App, user: User, api: Api, permissions: readonly string[]): void {
    const key = keyOf(app, user, api)
    this.given.set(key, new Set([...(this.given.get(key) ?? []), ...permissions]))
  }

  /** Forgets what the person consented to, for all apps. The administrator's consent stays. */
  withdraw(user: User): void {
    for (const key of this.given.keys()) {
      if (key.startsWith(`${user.objectId}\n`)) this.given.delete(key)
    }
  }
}

function keyOf(app: App, user: User, api: Api): string {
  return [user.objectId, app.appId, api.appId].join('\n')
}
