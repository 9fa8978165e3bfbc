// npm gives the program its mode when it installs it; in a checkout it is run as it was built.
import { chmodSync } from 'node:fs'

chmodSync('dist/src/main.js', 0o755)
