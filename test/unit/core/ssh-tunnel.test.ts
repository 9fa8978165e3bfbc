import { expect, it } from 'vitest'
import { tunnelCommand } from '../../../src/core/ssh-tunnel.ts'

const SSH_CONNECTION = '198.51.100.7 50022 192.0.2.10 22'

it.each<[string, Record<string, string>, string | undefined]>([
  ['the way SSH came', { SSH_CONNECTION, USER: 'bob' }, 'ssh -N -L 8400:localhost:8400 bob@192.0.2.10'],
  [
    'another port of SSH',
    { SSH_CONNECTION: '198.51.100.7 50022 192.0.2.10 2222', USER: 'bob' },
    'ssh -N -L 8400:localhost:8400 -p 2222 bob@192.0.2.10',
  ],
  [
    'IPv6',
    { SSH_CONNECTION: '2001:db8::7 50022 2001:db8::10 22', USER: 'bob' },
    'ssh -N -L 8400:localhost:8400 bob@2001:db8::10',
  ],
  ['no user name', { SSH_CONNECTION }, 'ssh -N -L 8400:localhost:8400 192.0.2.10'],
  ['LOGNAME', { SSH_CONNECTION, LOGNAME: 'bob' }, 'ssh -N -L 8400:localhost:8400 bob@192.0.2.10'],
  [
    'a user name that is a command',
    { SSH_CONNECTION, USER: '$(id)' },
    'ssh -N -L 8400:localhost:8400 192.0.2.10',
  ],
  ['no SSH', { USER: 'bob' }, undefined],
  ['a name for SSH that says nothing', { SSH_CONNECTION: 'yes' }, undefined],
  ['an address that is a command', { SSH_CONNECTION: 'a b $(id) 22' }, undefined],
])('a tunnel is known by %s', (_what, env, command) => {
  expect(tunnelCommand(env, 8400)).toBe(command)
})
