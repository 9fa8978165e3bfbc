export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string

export function processTable(
  title: string,
  rows: readonly { readonly name: string; readonly wall: number; readonly cpu: number | undefined }[],
  bars?: readonly {
    readonly name: string
    readonly most: number
    readonly shown?: string
    readonly of?: string
  }[],
): {
  readonly tables: readonly string[]
  readonly bars: readonly { readonly what: string; readonly text: string; readonly met: boolean }[]
}
