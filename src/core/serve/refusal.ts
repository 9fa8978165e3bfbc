/** Why a request gets no token, and the HTTP status that says so. Its message repeats nothing secret. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  /** Headers that the status asks for, such as `allow`. */
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, reason: string, headers: Readonly<Record<string, string>> = {}) {
    super(reason)
    this.status = status
    this.headers = headers
  }
}
