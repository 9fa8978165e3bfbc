import { expect, it } from 'vitest'
import { openedFiles } from '../../../../scripts/bench/opened-files.mjs'

it('counts files that are there, once each', () => {
  const log = [
    '10 openat(AT_FDCWD, "/app/dist/main.cjs", O_RDONLY|O_CLOEXEC) = 17',
    '11 openat(AT_FDCWD, "/app/dist/main.cjs", O_RDONLY|O_CLOEXEC) = 18',
    '11 openat(AT_FDCWD, "/home/new", O_WRONLY|O_CREAT, 0600) = 3',
    '11 open("/home/old", O_RDONLY) = 3',
    '11 openat(AT_FDCWD, "/app/missing", O_RDONLY) = -1 ENOENT (No such file or directory)',
    '11 openat(AT_FDCWD, "/app/dist", O_RDONLY|O_NONBLOCK|O_CLOEXEC|O_DIRECTORY) = 19',
    '11 openat(AT_FDCWD, "/proc/self/cgroup", O_RDONLY) = 20',
    '10 +++ exited with 0 +++',
  ].join('\n')
  expect(openedFiles(log)).toEqual(['/app/dist/main.cjs', '/home/new', '/home/old'])
})
