import type { administrationInEnglish } from './en.ts'

type Texts<T> = { [K in keyof T]: T[K] extends string ? string : Texts<T[K]> }

/** The texts of the administration's pages in Brazilian Portuguese. */
export const administrationInPortuguese: Texts<typeof administrationInEnglish> = {
  title: 'Administração',
  areas: 'Áreas da administração',
  stale: 'Alguém mudou isto nesse meio-tempo. Agora você vê a nova situação; nada do que pediu foi feito.',
  saved: 'Salvo.',
  scopes: {
    'orders:read': 'ver pedidos',
    'orders:write': 'fazer e alterar pedidos',
    'users:read': 'ver perfis',
    'users:write': 'alterar o próprio perfil',
    'accounts:manage': 'administrar contas',
    'clients:manage': 'administrar clientes',
    'keys:manage': 'ver e trocar chaves de assinatura',
    'audit:read': 'ler o registro de auditoria',
    'roles:manage': 'dizer o que cada papel concede',
  },
  roles: {
    title: 'Papéis',
    lead: 'O que um cliente pode fazer em nome das pessoas com um papel.',
    missing: 'Esse papel não existe.',
    description: 'Descrição',
    scopes: 'Escopos',
    scopesText: 'Valem a partir do próximo token: no máximo cinco minutos.',
    count_one: '{{count}} escopo',
    count_other: '{{count}} escopos',
    own: 'A administração mantém os escopos de contas e papéis: sem eles, ninguém poderia devolver os outros.',
    saved: 'O papel foi salvo.',
  },
}
