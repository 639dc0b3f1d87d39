const en = {
  signOutTitle: 'Sign out?',
  signOutLead: 'This ends your session here, for every application that you signed in to.',
  signOut: 'Sign out',
  stay: 'Stay signed in',
  signedOutTitle: 'You are signed out',
  signedOutLead: 'Until next time.',
}

const ptBR: typeof en = {
  signOutTitle: 'Sair?',
  signOutLead: 'Isto encerra sua sessão aqui, para todos os aplicativos em que você entrou.',
  signOut: 'Sair',
  stay: 'Continuar conectado',
  signedOutTitle: 'Você saiu',
  signedOutLead: 'Até a próxima.',
}

/** The sign-out. */
export const signOutTexts = { en, 'pt-BR': ptBR }
