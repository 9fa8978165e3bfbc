interface Machine {
  readonly env: Readonly<Record<string, string>>
}

interface Ran {
  readonly wall: number
  readonly cpu: number
  readonly memory: number
  readonly stdout: string
}

export function gate(world: {
  readonly runner: {
    readonly measuresCpu: boolean
    run(program: { readonly argv: readonly string[] }): Promise<Ran>
  }
  machine(): Promise<Machine>
  token(): Promise<string>
  empty(): string
}): Promise<boolean>
