/** The sandbox's clock: another one, plus an offset that can be changed while it runs. */
export class SandboxClock {
  private readonly base: () => Date
  private offsetSeconds = 0

  constructor(base: () => Date) {
    this.base = base
  }

  now(): Date {
    return new Date(this.base().getTime() + this.offsetSeconds * 1000)
  }

  /** Sets how far the sandbox is ahead; negative: behind. */
  setOffset(seconds: number): void {
    this.offsetSeconds = seconds
  }

  advance(seconds: number): void {
    this.offsetSeconds += seconds
  }
}
