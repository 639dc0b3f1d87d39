const en = {
  deviceTitle: 'Connect a device',
  deviceLead: 'Type the code that your device shows.',
  deviceCode: 'Code',
  deviceWrong: 'This code is not right, or it has expired. Look at the device again.',
  deviceConfirmTitle: 'Connect {client}?',
  deviceConfirmLead: 'Your device must show this code:',
  deviceConfirmHint:
    'If somebody sent you the code, or you see another one, do not allow it: he would be signed in as you.',
  deviceDoneTitle: 'Your device is connected',
  deviceDoneLead: 'You can close this page and go on there.',
  continue: 'Continue',
}

const ptBR: typeof en = {
  deviceTitle: 'Conectar um dispositivo',
  deviceLead: 'Digite o código que o seu dispositivo mostra.',
  deviceCode: 'Código',
  deviceWrong: 'Este código não está certo ou expirou. Olhe o dispositivo de novo.',
  deviceConfirmTitle: 'Conectar {client}?',
  deviceConfirmLead: 'O seu dispositivo deve mostrar este código:',
  deviceConfirmHint:
    'Se alguém lhe enviou o código, ou se você vê outro, não permita: essa pessoa entraria como você.',
  deviceDoneTitle: 'O seu dispositivo está conectado',
  deviceDoneLead: 'Você pode fechar esta página e continuar nele.',
  continue: 'Continuar',
}

/** Signing in on a device without a keyboard. */
export const deviceTexts = { en, 'pt-BR': ptBR }
