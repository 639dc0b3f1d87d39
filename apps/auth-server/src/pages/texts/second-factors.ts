const en = {
  totpTitle: 'One more step',
  totpLead: 'Enter the six digits that your authenticator app shows for Alicerce.',
  totpCode: 'Code',
  recoveryCodeTitle: 'Use a recovery code',
  recoveryCodeLead: 'Enter one of the codes that you kept when you set up two-step sign-in. Each works once.',
  recoveryCode: 'Recovery code',
  useRecoveryCode: 'Use a recovery code instead',
  useTotp: 'Use the authenticator app instead',
  otherAccount: 'Sign in as somebody else',
  continue: 'Continue',
  wrongCode: 'This code is not right, or no longer. Try the next one.',
  firstFactorGone: 'That took too long. Sign in again.',
}

const ptBR: typeof en = {
  totpTitle: 'Mais um passo',
  totpLead: 'Digite os seis números que o seu aplicativo autenticador mostra para a Alicerce.',
  totpCode: 'Código',
  recoveryCodeTitle: 'Usar um código de recuperação',
  recoveryCodeLead:
    'Digite um dos códigos que você guardou ao ativar o acesso em duas etapas. Cada um vale uma vez.',
  recoveryCode: 'Código de recuperação',
  useRecoveryCode: 'Usar um código de recuperação',
  useTotp: 'Usar o aplicativo autenticador',
  otherAccount: 'Entrar com outra conta',
  continue: 'Continuar',
  wrongCode: 'Este código não está certo, ou não vale mais. Tente o próximo.',
  firstFactorGone: 'Demorou demais. Entre de novo.',
}

/** The second step of the sign-in. */
export const secondFactorsTexts = { en, 'pt-BR': ptBR }
