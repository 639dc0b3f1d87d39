const en = {
  name: 'Name',
  newHere: 'New here?',
  createAccount: 'Create an account',
  registerTitle: 'Create your account',
  registerLead: 'It takes a moment. You need an e-mail address and a password.',
  passwordHint: 'At least 10 characters. A few words in a row make a good one.',
  haveAccount: 'You have an account?',
  emailTaken: 'This e-mail address cannot be used for a new account. Sign in instead, or use another one.',
  emailInvalid: 'Enter an e-mail address, such as ana@example.com.',
  nameMissing: 'Enter your name.',
  passwordShort: 'Use at least 10 characters.',
  passwordLong: 'Use at most 256 characters.',
  passwordCommon: 'This one is among those that are tried first. Use a few words in a row.',
}

const ptBR: typeof en = {
  name: 'Nome',
  newHere: 'É novo por aqui?',
  createAccount: 'Criar uma conta',
  registerTitle: 'Crie sua conta',
  registerLead: 'É rápido: basta um endereço de e-mail e uma senha.',
  passwordHint: 'Pelo menos 10 caracteres. Algumas palavras seguidas formam uma boa senha.',
  haveAccount: 'Já tem uma conta?',
  emailTaken: 'Este e-mail não pode ser usado em uma nova conta. Entre com ele ou use outro.',
  emailInvalid: 'Digite um e-mail, como ana@example.com.',
  nameMissing: 'Digite seu nome.',
  passwordShort: 'Use pelo menos 10 caracteres.',
  passwordLong: 'Use no máximo 256 caracteres.',
  passwordCommon: 'Esta está entre as primeiras que se tentam. Use algumas palavras seguidas.',
}

/** New accounts. */
export const registerTexts = { en, 'pt-BR': ptBR }
