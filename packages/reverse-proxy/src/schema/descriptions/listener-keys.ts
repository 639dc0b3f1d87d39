import { within } from './within.ts'

const top = {
  Listeners:
    'Ports beside that of the gateway itself, by names of your own. They open at the start; a change of them needs another one.',
}

const listeners = within('Listeners.*', {
  '.Url': 'Where it listens, such as https://0.0.0.0:8443. With https it speaks TLS.',
  '.Protocols':
    'The versions of HTTP that it speaks: both with TLS, where nothing is said, and Http1 without. Http2 without TLS is spoken with those who know it.',
  '.Certificates':
    'What it shows to clients, with TLS. The first one serves those that name no host of the others.',
  '.Certificates[].Hosts': 'The hosts that it is for: name, or *.name for what stands before it.',
  '.Certificates[].CertificateFile': 'The file of the certificate with its chain, in PEM form.',
  '.Certificates[].KeyFile': 'The file of its key, in PEM form.',
  '.ClientCertificates': 'Whether clients show a certificate: no, if they like, or always. With TLS.',
  '.ClientCertificateAuthority': 'The file, in PEM form, of who signs the certificates of clients.',
})

/** Keys of `Listeners`. */
export const listenerKeys = { ...top, ...listeners }
