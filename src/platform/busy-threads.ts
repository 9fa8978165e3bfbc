/** Work that Node hands to a thread of its pool and cannot take back: looking up names, reading files. */
const onThreads: ReadonlySet<string> = new Set([
  'GetAddrInfoReqWrap',
  'GetNameInfoReqWrap',
  'FSReqCallback',
  // Not `FSReqPromise`: it stays in the list when it is done, until its memory is collected.
])

/**
 * Whether some of this process's work sits in a thread, which `process.exit` would wait for: a name server that is silent
 * and a pipe without another end are waited for in the system, where no signal of ours reaches.
 * @param resources what `process.getActiveResourcesInfo()` gives
 */
export function hasBusyThreads(resources: readonly string[]): boolean {
  return resources.some((resource) => onThreads.has(resource))
}
