const en = {
  signIn: 'Sign in',
  signInTitle: 'Welcome back',
  signInLead: 'Sign in to continue to {client}.',
  email: 'E-mail',
  password: 'Password',
  wrongCredentials: 'E-mail and password do not belong together.',
  tooMany: 'Too many attempts. Try again in {minutes} minutes.',
  busy: 'Many people are signing in right now. Try again in a moment.',
  demoTitle: 'Try it with a demo account',
  demoCustomer: 'Customer',
  demoSupport: 'Support agent',
  demoAdmin: 'Administrator',
  language: 'Language',
}

const ptBR: typeof en = {
  signIn: 'Entrar',
  signInTitle: 'Que bom ver você',
  signInLead: 'Entre para continuar em {client}.',
  email: 'E-mail',
  password: 'Senha',
  wrongCredentials: 'E-mail e senha não correspondem.',
  tooMany: 'Muitas tentativas. Tente de novo em {minutes} minutos.',
  busy: 'Muita gente está entrando agora. Tente de novo em instantes.',
  demoTitle: 'Experimente com uma conta de demonstração',
  demoCustomer: 'Cliente',
  demoSupport: 'Atendimento',
  demoAdmin: 'Administração',
  language: 'Idioma',
}

/** The sign-in, and what all pages say. */
export const signInTexts = { en, 'pt-BR': ptBR }
