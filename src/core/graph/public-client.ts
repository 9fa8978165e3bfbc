/**
 * Microsoft's public client for people who read Graph at a command line, known in every tenant: "Microsoft Graph Command
 * Line Tools". An administrator may have to consent to what it is to read.
 */
export const graphCommandLineTools = '14d82eec-204b-4c2f-b7e8-296a70dab67e'
