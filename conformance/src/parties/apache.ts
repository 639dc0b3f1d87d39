import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '@alicerce/testing'
import { hasDebianParty } from './debian.ts'

const modules = '/usr/lib/apache2/modules'
/** Apache does not serve as root: `nobody` in Debian. */
const nobody = 65534

/** Whether Debian's Apache with mod_auth_openidc is there. */
export const hasApache = () => hasDebianParty('mod_auth_openidc', `${modules}/mod_auth_openidc.so`)

/**
 * What the module is told: nothing but what its own documentation asks for. Node's `fetch`, which plays the browser, says of each request that
 * no page is being opened (Sec-Fetch-Mode), and the module would refuse instead of leading to the sign-in.
 */
const configuration = (folder: string, options: ApacheOptions) => `
ServerName localhost
Listen 127.0.0.1:${options.port}
ServerRoot ${folder}
PidFile ${folder}/apache.pid
ErrorLog ${folder}/error.log
LogLevel warn auth_openidc:info
LoadModule mpm_event_module ${modules}/mod_mpm_event.so
LoadModule authn_core_module ${modules}/mod_authn_core.so
LoadModule authz_core_module ${modules}/mod_authz_core.so
LoadModule authz_user_module ${modules}/mod_authz_user.so
LoadModule alias_module ${modules}/mod_alias.so
LoadModule dir_module ${modules}/mod_dir.so
LoadModule headers_module ${modules}/mod_headers.so
LoadModule auth_openidc_module ${modules}/mod_auth_openidc.so
DocumentRoot ${folder}/pages
<Directory ${folder}/pages>
  Require all granted
</Directory>
RequestHeader unset Sec-Fetch-Mode early
OIDCProviderMetadataURL ${options.issuer}/.well-known/openid-configuration
OIDCClientID apache
OIDCClientSecret ${options.secret}
OIDCRedirectURI ${options.redirect}
OIDCCryptoPassphrase ${options.secret}
OIDCScope "openid profile email"
OIDCPKCEMethod S256
OIDCResponseType code
OIDCRemoteUserClaim email
<Location /app>
  AuthType openid-connect
  Require valid-user
  Header always set x-user "expr=%{REMOTE_USER}"
</Location>
`

type ApacheOptions = { port: number; issuer: string; secret: string; redirect: string }

/** Starts Apache with a page at /app/ that mod_auth_openidc protects. @throws with its log where it does not start */
export async function startApache(options: ApacheOptions): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'alicerce-apache-'))
  await mkdir(join(folder, 'pages/app'), { recursive: true })
  await writeFile(join(folder, 'pages/app/index.html'), 'the protected page')
  await writeFile(join(folder, 'pages/index.html'), 'the open page')
  await writeFile(join(folder, 'apache.conf'), configuration(folder, options))
  const isRoot = process.getuid?.() === 0
  if (isRoot) await chown(folder, nobody, nobody)
  const child = spawn('/usr/sbin/apache2', ['-f', join(folder, 'apache.conf'), '-DFOREGROUND'], {
    ...(isRoot && { uid: nobody, gid: nobody }),
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const url = `http://localhost:${options.port}`
  try {
    await until(async () => (await fetch(url)).status === 200)
  } catch (cause) {
    await stop(child)
    const log = await readFile(join(folder, 'error.log'), 'utf8').catch(() => 'no log')
    throw new Error(`Apache did not start:\n${log}`, { cause })
  }
  return {
    url,
    async stop() {
      await stop(child)
      await rm(folder, { recursive: true })
    },
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}
