// The least that a program does which keeps what it prints sealed: it decrypts once with Node's own cryptography, and
// prints. What it decrypts is test case 14 of the specification of GCM.
const { createDecipheriv } = require('node:crypto')
const { writeSync } = require('node:fs')

const decipher = createDecipheriv('aes-256-gcm', Buffer.alloc(32), Buffer.alloc(12), { authTagLength: 16 })
decipher.setAuthTag(Buffer.from('d0d1c8a799996bf0265b98b5d48ab919', 'hex'))
const sealed = Buffer.from('cea7403d4d606b6e074ec5d3baf39d18', 'hex')
writeSync(1, Buffer.concat([decipher.update(sealed), decipher.final()]).toString('hex'))
