export { createApiGateway } from './app.ts'
export { type ApiGatewayConfig, readApiGatewayConfig } from './config.ts'
