const en = {
  totpTitle: 'One more step',
  totpLead: 'Enter the six digits that your authenticator app shows for Alicerce.',
  totpCode: 'Code',
  recoveryCodeTitle: 'Use a recovery code',
  recoveryCodeLead: 'Enter one of the codes that you kept when you set up two-step sign-in. Each works once.',
  recoveryCode: 'Recovery code',
  useRecoveryCode: 'Use a recovery code instead',
  useTotp: 'Use the authenticator app instead',
  passkeyTitle: 'Show your passkey',
  passkeyLead: 'Your device, or a security key, confirms that it is you.',
  usePasskey: 'Use a passkey',
  usePasskeyInstead: 'Use a passkey instead',
  signInWithPasskey: 'Sign in with a passkey',
  passkeyFailed: 'That did not work, or it was cancelled. Try again.',
  passkeyRefused: 'This passkey could not be used here. Try again, or sign in another way.',
  passkeyNeedsScript: 'Passkeys need JavaScript. Switch it on, or use another way.',
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
  passkeyTitle: 'Mostre a sua chave de acesso',
  passkeyLead: 'O seu aparelho, ou uma chave de segurança, confirma que é você.',
  usePasskey: 'Usar uma chave de acesso',
  usePasskeyInstead: 'Usar uma chave de acesso',
  signInWithPasskey: 'Entrar com uma chave de acesso',
  passkeyFailed: 'Não deu certo, ou foi cancelado. Tente de novo.',
  passkeyRefused: 'Esta chave de acesso não pôde ser usada aqui. Tente de novo, ou entre de outro jeito.',
  passkeyNeedsScript: 'Chaves de acesso precisam de JavaScript. Ligue-o, ou use outro jeito.',
  otherAccount: 'Entrar com outra conta',
  continue: 'Continuar',
  wrongCode: 'Este código não está certo, ou não vale mais. Tente o próximo.',
  firstFactorGone: 'Demorou demais. Entre de novo.',
}

/** The second step of the sign-in. */
export const secondFactorsTexts = { en, 'pt-BR': ptBR }
