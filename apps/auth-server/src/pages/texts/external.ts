const en = {
  externalSignIn: 'Continue with {provider}',
  externalFailed: 'The sign-in elsewhere did not work. Try again, or sign in here.',
  externalTaken: 'There is an account with your e-mail address already. Sign in with its password.',
  externalUnverified:
    'The other side does not vouch for your e-mail address. Create an account here instead.',
}

const ptBR: typeof en = {
  externalSignIn: 'Continuar com {provider}',
  externalFailed: 'A entrada pelo outro serviço não funcionou. Tente de novo ou entre por aqui.',
  externalTaken: 'Já existe uma conta com o seu e-mail. Entre com a senha dela.',
  externalUnverified: 'O outro serviço não confirma o seu e-mail. Crie uma conta aqui.',
}

/** Signing in at another provider. */
export const externalTexts = { en, 'pt-BR': ptBR }
