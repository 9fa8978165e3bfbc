/** Application ids of Microsoft's own APIs, the same in every tenant. */
export const graphAppId = '00000003-0000-0000-c000-000000000000'
export const azureManagementAppId = '797f4846-ba00-4fd7-ba43-dac1f8f63013'
/** What an assertion for a federated credential is for: `api://AzureADTokenExchange`. */
export const tokenExchangeAppId = 'fb60f99c-7a34-4190-8149-302f77469936'
/** The public client of Microsoft's that reads Graph for people at a command line. */
export const graphCommandLineToolsAppId = '14d82eec-204b-4c2f-b7e8-296a70dab67e'
