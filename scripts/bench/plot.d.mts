export interface Bar {
  readonly name: string
  readonly value?: number
  readonly label?: string
  readonly isOurs?: boolean
  readonly most?: number
}

export function barPlot(plot: { readonly title: string; readonly rows: readonly Bar[] }): string

export function curvePlot(plot: {
  readonly title: string
  readonly across: string
  readonly series: readonly {
    readonly name: string
    readonly points: readonly (readonly [number, number])[]
  }[]
  readonly bar?: { readonly value: number; readonly text: string }
}): string
