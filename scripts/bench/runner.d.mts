export function startRunner(pythons?: readonly string[]): {
  readonly measuresCpu: boolean
  run(program: {
    readonly argv: readonly string[]
    readonly env: Readonly<Record<string, string>>
    readonly input?: string
    readonly atOnce?: number
    readonly seconds?: number
  }): Promise<{
    readonly wall: number
    readonly cpu?: number
    readonly memory?: number
    readonly lines?: number
    readonly stdout: string
  }>
  end(): void
}
