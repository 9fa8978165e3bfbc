import type { User } from './directory.ts'
import { opaque } from './stable-ids.ts'

/** Somebody signed in at a browser. */
export interface Session {
  readonly id: string
  readonly user: User
  /** Authentication methods: `pwd`, and `mfa` once a second factor was given. */
  readonly amr: readonly string[]
  readonly signedInAt: Date
}

/** The browser sessions, by the cookie's value. */
export class Sessions {
  private readonly byId = new Map<string, Session>()

  start(user: User, amr: readonly string[], now: Date): Session {
    const session = { id: opaque('', 32), user, amr, signedInAt: now }
    this.byId.set(session.id, session)
    return session
  }

  find(id: string): Session | undefined {
    return this.byId.get(id)
  }

  /** The session after a second factor; its id changes, as it does whenever rights grow. */
  strengthen(session: Session, now: Date): Session {
    this.byId.delete(session.id)
    return this.start(session.user, [...new Set([...session.amr, 'mfa'])], now)
  }

  end(id: string): void {
    this.byId.delete(id)
  }

  endAllOf(user: User): void {
    for (const session of this.byId.values()) {
      if (session.user.objectId === user.objectId) this.byId.delete(session.id)
    }
  }
}
