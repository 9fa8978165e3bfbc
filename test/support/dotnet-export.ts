/** Encrypted exports as the older .NET tool wrote them. */
import { createCipheriv, pbkdf2Sync, randomBytes } from 'node:crypto'

export const dotnetPassphrase = 'correct horse battery staple'

/** Made by another implementation, with the salt 00…1f and the IV 00…0f. Holds `myprofile` and its secret. */
export const dotnetExport =
  'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8AAQIDBAUGBwgJCgsMDQ4P5i+1+LuOMT0QliX5R/B0ZQ9cxxBtgBtE' +
  'G8YDHLGUTupn9bqT7EpiPETrMBstHXvfKpsQICbkX2GfPjM4I/3fKE5uZhMLn92gbcZ5znKmmMXtef76eN1FnQJawHAE+zqq' +
  'w0rXQUqqAVAt1zP+QbhlPYeipk67/o5+U7SopGW3sZPFco2uk1VyZJzxnS1uNkwV6UeL+b0ne9CkwKMNxytIAyubAP5tv2tT' +
  '7DEFbQKS1d9DX7nERI0bq1ja8aVF+cH1ZlRgXSJ6bUbCTGSzm7ZQon4O4usirRHtyegmCrzrKqAVQFdiNE3rAwkDUoVXo3jk' +
  'TATlAKwPFonANwQjtWm1cUs79g44gixyS0jZ2XoslJkBdCArera2SsFYtT0H3Ew55WkxCUSKx0y0eo/G8la73yn2ZVzL/AP6' +
  'T93bCMSr6ZMG9VCsAUJy9LfDWOWD2asoHsGJ7umat8F+63yBSOnbGO5fWZQjfzh2exiKwQPxJOp84Db0W3gE2CyI9ZAG8CB0' +
  'hiR3+xAbbDKtVqDAjRuQcgMRt4UI/bHgTBmRgNzKrAMOC9ZVY86DRfm7w+CxbJ9wqLJfe7R+trRxebCItdNXY7xVwjc1Aftv' +
  'ILM3j0vEeTmDnEIdkYy0OnKmdqJAP+Zl/Y5SJzOtLtN7/e7SneG6qonIGnLMOMfUQgYDziiCctKXBKhXYZuu7YAcUcof8dgF' +
  'tSg46vzNHxK2tpCFMOHwxpnR+Q/+X1j663d8vCQBm2Da95WaW8PsgtefTUbE26tMtQ04LwdWrZsLqw19x/KMcw=='

export const dotnetSecret = 's3cret~value'

/** One with any content. */
export function makeDotnetExport(content: string, passphrase = dotnetPassphrase): string {
  const [salt, iv] = [randomBytes(32), randomBytes(16)]
  const cipher = createCipheriv('aes-256-cbc', pbkdf2Sync(passphrase, salt, 100_000, 32, 'sha256'), iv)
  return Buffer.concat([salt, iv, cipher.update(content), cipher.final()]).toString('base64')
}
