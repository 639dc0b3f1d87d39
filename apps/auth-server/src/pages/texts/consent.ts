const en = {
  consentTitle: '{client} asks for access',
  consentLead: 'If you agree, {client} may:',
  allow: 'Allow',
  deny: 'Do not allow',
  'scope.openid': 'know that it is you',
  'scope.profile': 'see your name and language',
  'scope.email': 'see your e-mail address',
  'scope.offline_access': 'act for you while you are away',
  'scope.orders:read': 'see your orders',
  'scope.orders:write': 'place and change orders',
  'scope.users:read': 'see your profile',
  'scope.users:write': 'change your profile',
  'scope.accounts:manage': 'manage accounts',
}

const ptBR: typeof en = {
  consentTitle: '{client} pede acesso',
  consentLead: 'Se você concordar, {client} poderá:',
  allow: 'Permitir',
  deny: 'Não permitir',
  'scope.openid': 'saber que é você',
  'scope.profile': 'ver seu nome e idioma',
  'scope.email': 'ver seu e-mail',
  'scope.offline_access': 'agir por você quando estiver ausente',
  'scope.orders:read': 'ver seus pedidos',
  'scope.orders:write': 'fazer e alterar pedidos',
  'scope.users:read': 'ver seu perfil',
  'scope.users:write': 'alterar seu perfil',
  'scope.accounts:manage': 'administrar contas',
}

/** What clients ask for. */
export const consentTexts = { en, 'pt-BR': ptBR }
