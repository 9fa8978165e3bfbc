// Loaded into the program by NODE_OPTIONS: every name is looked up for ever, and in a thread, as where the name server is
// silent. The thread waits for what is never written to the pipe SILENT_PIPE.
import dns from 'node:dns'
import { readFile } from 'node:fs'

dns.lookup = () => readFile(process.env.SILENT_PIPE, () => {})
