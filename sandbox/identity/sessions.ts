import type { User } from '../directory.ts'
import { opaque } from '../stable-ids.ts'

/** Somebody signed in at a browser. */
export interface Session {
  readonly id: string
  readonly user: User
  /** Authentication methods: `pwd`, and `mfa` once a second factor was given. */
  readonly amr: readonly string[]
  readonly signedInAt: Date
  /** The address the sign-in was made for: what `prompt=login` asked for has been done when it comes back there. */
  readonly madeFor: string
}

/** The browser sessions, by the cookie's value. */
export class Sessions {
  private readonly byId = new Map<string, Session>()

  start(user: User, amr: readonly string[], madeFor: string, now: Date): Session {
    const session = { id: opaque('', 32), user, amr, signedInAt: now, madeFor }
    this.byId.set(session.id, session)
    return session
  }

  find(id: string): Session | undefined {
    return this.byId.get(id)
  }

  /** The session after a second factor; its id changes, as it does whenever rights grow. */
  strengthen(session: Session): Session {
    this.byId.delete(session.id)
    const amr = [...new Set([...session.amr, 'mfa'])]
    return this.start(session.user, amr, session.madeFor, session.signedInAt)
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
