interface Run {
  readonly wall: number
  readonly cpu?: number
  readonly memory?: number
  readonly stdout?: string
}

export function measure<Kind extends { readonly name: string }>(
  runner: { run(kind: Kind): Promise<Run> },
  kinds: readonly Kind[],
  rounds: number,
  random?: () => number,
): Promise<readonly (Run & { readonly name: string; readonly runs: readonly Run[] })[]>
