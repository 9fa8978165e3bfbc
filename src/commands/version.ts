/** The version of this program. A test holds it against package.json, so that no file is read at start-up. */
export const version = '0.1.0'
