// Reads what strace wrote. Pure.

/**
 * The files that were opened, once each: not those that are missing, folders, or what the kernel makes up.
 * @param log of `strace -ff -e trace=open,openat`: every call is on one line
 */
export function openedFiles(log) {
  const paths = log.split('\n').flatMap((line) => {
    const [, path, flags] = /open(?:at)?\((?:AT_FDCWD, )?"([^"]+)", ([A-Z_|0-9]+).*\) = \d+/.exec(line) ?? []
    return path === undefined || flags.includes('O_DIRECTORY') || /^\/(?:proc|sys|dev)\//.test(path)
      ? []
      : [path]
  })
  return [...new Set(paths)]
}
