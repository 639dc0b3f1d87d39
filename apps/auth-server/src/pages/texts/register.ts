const en = {
  name: 'Name',
  newHere: 'New here?',
  createAccount: 'Create an account',
  registerTitle: 'Create your account',
  registerLead: 'It takes a moment. You need an e-mail address and a password.',
  passwordHint: 'At least 10 characters. A few words in a row make a good one.',
  haveAccount: 'You have an account?',
  codeTitle: 'Look at your mail',
  codeLead: 'We have sent a code to {email}. Type it here; it is good for half an hour.',
  codeLabel: 'Code',
  codeShown: 'This server sends no mails, it shows them:',
  codeMissing: 'No mail?',
  registerAgain: 'Begin again',
  codeWrong: 'This is not the code that we have sent. Look once more.',
  registrationOver: 'The code is too old, or was tried too often. Begin again.',
  emailTaken: 'This address has got an account in the meantime. Sign in with it.',
  codeMailSubject: 'Your code',
  codeMailText:
    'Hello {name},\n\nwelcome. Type this code to finish your account, within half an hour:\n\n{code}\n\nYou have not asked for an account? Then do nothing, and tell nobody the code.\n\nAlicerce',
  knownMailSubject: 'You have an account already',
  knownMailText:
    'Hello,\n\nsomebody, you we hope, asked for an account for this address, which has one already. Sign in with it; where you have forgotten your password, the sign-in page helps:\n\n{issuer}/account\n\nWas it not you? Then do nothing.\n\nAlicerce',
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
  codeTitle: 'Veja seu e-mail',
  codeLead: 'Enviamos um código para {email}. Digite-o aqui; ele vale por meia hora.',
  codeLabel: 'Código',
  codeShown: 'Este servidor não envia e-mails, ele os mostra:',
  codeMissing: 'O e-mail não chegou?',
  registerAgain: 'Começar de novo',
  codeWrong: 'Este não é o código que enviamos. Confira.',
  registrationOver: 'O código é antigo demais ou foi tentado vezes demais. Comece de novo.',
  emailTaken: 'Enquanto isso, este endereço ganhou uma conta. Entre com ela.',
  codeMailSubject: 'Seu código',
  codeMailText:
    'Olá, {name},\n\nboas-vindas. Digite este código para concluir sua conta, em até meia hora:\n\n{code}\n\nVocê não pediu uma conta? Então não faça nada e não diga o código a ninguém.\n\nAlicerce',
  knownMailSubject: 'Você já tem uma conta',
  knownMailText:
    'Olá,\n\nalguém, esperamos que você, pediu uma conta para este endereço, que já tem uma. Entre com ela; se esqueceu a senha, a página de entrada ajuda:\n\n{issuer}/account\n\nNão foi você? Então não faça nada.\n\nAlicerce',
  emailInvalid: 'Digite um e-mail, como ana@example.com.',
  nameMissing: 'Digite seu nome.',
  passwordShort: 'Use pelo menos 10 caracteres.',
  passwordLong: 'Use no máximo 256 caracteres.',
  passwordCommon: 'Esta está entre as primeiras que se tentam. Use algumas palavras seguidas.',
}

/** New accounts. */
export const registerTexts = { en, 'pt-BR': ptBR }
