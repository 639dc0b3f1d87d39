import type { Certificate } from './subject.ts'

/** One of our `Listeners`, for HTTP/1.1 and HTTP/2 over TLS. */
export const tlsListener = (port: number, { certificate, key }: Omit<Certificate, 'both'>): object => ({
  Url: `https://127.0.0.1:${port}`,
  Certificates: [{ Hosts: ['localhost'], CertificateFile: certificate, KeyFile: key }],
})
