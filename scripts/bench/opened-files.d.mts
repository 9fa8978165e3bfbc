export function openedFiles(log: string): readonly string[]
