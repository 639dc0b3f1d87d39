const en = {
  forgotten: 'Forgot your password?',
  forgottenTitle: 'Forgot your password?',
  forgottenLead: 'We send you a link with which you choose another one.',
  forgottenSend: 'Send the link',
  backToSignIn: 'Back to sign-in',
  resetSentTitle: 'Look at your mail',
  resetSentLead: 'If there is an account for {email}, a link is on its way. It is good for half an hour.',
  resetTitle: 'Choose another password',
  resetEnds: 'You are then signed out everywhere, and sign in with it.',
  resetDoneTitle: 'Your password is changed',
  resetDoneLead: 'You are signed out everywhere. Sign in with your new password.',
  linkGoneTitle: 'This link cannot be used',
  linkGoneLead: 'It was used already, is too old, or a later one was sent. Ask for another one.',
  resetMailSubject: 'Choose another password',
  resetMailText:
    'Hello {name},\n\nsomebody, you we hope, asked for another password for your account. Choose it here, within {minutes} minutes:\n\n{link}\n\nWas it not you? Then do nothing: your password stays as it is.\n\nAlicerce',
  verifyMailSubject: 'Is this your address?',
  verifyMailText:
    'Hello {name},\n\nwelcome. Tell us that this is your address, within three days:\n\n{link}\n\nYou have no account with us? Then do nothing.\n\nAlicerce',
  verifyTitle: 'Is this your address?',
  verifyLead: 'One click, and we know that mails to you arrive.',
  verifyConfirm: 'Yes, it is mine',
  verifiedTitle: 'Thank you',
  verifiedLead: 'Your address is confirmed.',
  verificationMissing: 'We do not know yet whether mails to {email} reach you.',
  verificationSend: 'Send the link again',
  verificationSent: 'A link is on its way, unless we sent one a moment ago.',
  outboxTitle: 'Outbox',
  outboxLead: 'No mail server is set up, so mails are shown here instead of being sent.',
  outboxEmpty: 'No mail yet.',
}

const ptBR: typeof en = {
  forgotten: 'Esqueceu a senha?',
  forgottenTitle: 'Esqueceu a senha?',
  forgottenLead: 'Enviamos um link para você escolher outra.',
  forgottenSend: 'Enviar o link',
  backToSignIn: 'Voltar para a entrada',
  resetSentTitle: 'Veja seu e-mail',
  resetSentLead: 'Se existe uma conta para {email}, um link está a caminho. Ele vale por meia hora.',
  resetTitle: 'Escolha outra senha',
  resetEnds: 'Você sai de todos os lugares e entra com ela.',
  resetDoneTitle: 'Sua senha foi alterada',
  resetDoneLead: 'Você saiu de todos os lugares. Entre com a nova senha.',
  linkGoneTitle: 'Este link não pode ser usado',
  linkGoneLead: 'Ele já foi usado, é antigo demais, ou outro foi enviado depois. Peça um novo.',
  resetMailSubject: 'Escolha outra senha',
  resetMailText:
    'Olá, {name},\n\nalguém, esperamos que você, pediu outra senha para a sua conta. Escolha-a aqui, em até {minutes} minutos:\n\n{link}\n\nNão foi você? Então não faça nada: sua senha continua a mesma.\n\nAlicerce',
  verifyMailSubject: 'Este endereço é seu?',
  verifyMailText:
    'Olá, {name},\n\nboas-vindas. Diga-nos que este endereço é seu, em até três dias:\n\n{link}\n\nVocê não tem conta conosco? Então não faça nada.\n\nAlicerce',
  verifyTitle: 'Este endereço é seu?',
  verifyLead: 'Um clique, e saberemos que os e-mails chegam a você.',
  verifyConfirm: 'Sim, é meu',
  verifiedTitle: 'Obrigado',
  verifiedLead: 'Seu endereço está confirmado.',
  verificationMissing: 'Ainda não sabemos se os e-mails para {email} chegam a você.',
  verificationSend: 'Enviar o link de novo',
  verificationSent: 'Um link está a caminho, a menos que tenhamos enviado um há instantes.',
  outboxTitle: 'Caixa de saída',
  outboxLead:
    'Nenhum servidor de e-mail está configurado, por isso os e-mails aparecem aqui em vez de serem enviados.',
  outboxEmpty: 'Nenhum e-mail ainda.',
}

/** Mails, and the pages that lead to them and come from them. */
export const mailTexts = { en, 'pt-BR': ptBR }
