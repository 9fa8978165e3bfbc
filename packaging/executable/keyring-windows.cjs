// Stands for the package @napi-rs/keyring inside an executable for Windows. bun writes the library to the folder for
// temporary files, which is the user's own there, and keeps it: what is loaded cannot be removed on Windows.
module.exports = require('./keyring.node')
