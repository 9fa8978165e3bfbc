export function median(numbers: readonly number[]): number
export function quantile(numbers: readonly number[], share: number): number
export function judged(
  figure: number,
  bar: { readonly most?: number; readonly least?: number; readonly unit?: string; readonly shown?: string },
): { readonly text: string; readonly met: boolean }
export function duration(milliseconds: number | undefined): string
export function megabytes(bytes: number | undefined): string
export function count(number: number): string
export function ratio(number: number): string
