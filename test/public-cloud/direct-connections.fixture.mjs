// Loaded into the program by NODE_OPTIONS: notes every connection it opens in the file CONNECTIONS_FILE, one `host:port`
// a line, and lets none leave this machine. A proxy sees only what is sent to it; this sees what is not.
import { appendFileSync } from 'node:fs'
import { Socket } from 'node:net'

const loopback = /^(?:localhost|127(?:\.\d+){3}|::1)$/
const connect = Socket.prototype.connect

Socket.prototype.connect = function (...words) {
  // `net.connect` hands its arguments on as one list.
  const [options] = Array.isArray(words[0]) ? words[0] : words
  const { host = 'localhost', port } =
    typeof options === 'object' ? options : { port: options, host: words[1] }
  appendFileSync(process.env.CONNECTIONS_FILE, `${host}:${port}\n`)
  if (loopback.test(host)) return connect.apply(this, words)
  const refusal = new Error(`a direct connection to ${host}:${port}`)
  process.nextTick(() => this.destroy(Object.assign(refusal, { code: 'ENETUNREACH' })))
  return this
}
