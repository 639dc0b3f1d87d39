const en = {
  centreTitle: 'Security and account',
  centreLead: 'You are signed in as {name}, {email}.',
  centreBack: 'Back to security and account',
  passwordTitle: 'Password',
  passwordLead: 'Choose another password.',
  passwordEnds: 'A new password signs you out everywhere but here.',
  newPassword: 'New password',
  passwordChange: 'Change password',
  passwordChanged: 'Your password is changed. Every other session has ended.',
}

const ptBR: typeof en = {
  centreTitle: 'Segurança e conta',
  centreLead: 'Você entrou como {name}, {email}.',
  centreBack: 'Voltar para segurança e conta',
  passwordTitle: 'Senha',
  passwordLead: 'Escolha outra senha.',
  passwordEnds: 'Com uma senha nova você sai de todos os lugares, menos daqui.',
  newPassword: 'Nova senha',
  passwordChange: 'Mudar a senha',
  passwordChanged: 'A sua senha foi mudada. Todas as outras sessões terminaram.',
}

/** The account centre. */
export const accountTexts = { en, 'pt-BR': ptBR }
