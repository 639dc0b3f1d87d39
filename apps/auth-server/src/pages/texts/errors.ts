const en = {
  goHome: 'Back to the application',
  errorTitle: 'This did not work',
  errorLead: 'The request to sign in cannot be completed. Nothing happened to your account.',
  expiredTitle: 'This page is out of date',
  expiredLead: 'The sign-in was finished elsewhere, or it took too long. Start again: it takes a moment.',
  restart: 'Start again',
  errorCode: 'Error',
  traceId: 'Trace id',
  notFoundTitle: 'There is no such page',
  notFoundLead: 'The address may be mistyped or out of date.',
}

const ptBR: typeof en = {
  goHome: 'Voltar ao aplicativo',
  errorTitle: 'Não deu certo',
  errorLead: 'O pedido de entrada não pode ser concluído. Nada aconteceu com sua conta.',
  expiredTitle: 'Esta página expirou',
  expiredLead: 'A entrada foi concluída em outro lugar ou demorou demais. Comece de novo: é rápido.',
  restart: 'Começar de novo',
  errorCode: 'Erro',
  traceId: 'Código de rastreio',
  notFoundTitle: 'Esta página não existe',
  notFoundLead: 'O endereço pode estar errado ou desatualizado.',
}

/** What did not work. */
export const errorsTexts = { en, 'pt-BR': ptBR }
