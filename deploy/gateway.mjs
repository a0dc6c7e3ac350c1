// A Wechaty gateway of your own, for Banzhang; docs/wechat.md tells how to set it up.
//
//   WECHATY_PUPPET   the provider: the name of its npm package; it reads what it needs itself, from WECHATY_PUPPET_…
//   WECHATY_TOKEN    what whoever connects must say; invent it, with a name and _ before it: study_…
//   ENDPOINT         where to listen; 127.0.0.1:8788 unless said
//   CERTIFICATE, KEY files; with them the way here is encrypted
//
// It listens for Banzhang alone and announces itself nowhere. The WeChat login is kept in wechat.memory-card.json.

import { readFileSync } from 'node:fs'

import { MemoryCard } from 'memory-card'
import { PuppetServer } from 'wechaty-puppet-service'

const { WECHATY_PUPPET, WECHATY_TOKEN, CERTIFICATE, KEY, ENDPOINT = '127.0.0.1:8788' } = process.env
if (!WECHATY_PUPPET || !WECHATY_TOKEN) {
  console.error('WECHATY_PUPPET and WECHATY_TOKEN are needed')
  process.exit(2)
}

const provider = await import(WECHATY_PUPPET).catch(error => {
  console.error(`${WECHATY_PUPPET} cannot be used; here: npm install ${WECHATY_PUPPET}`, `(${error.message})`)
  process.exit(2)
})
const Puppet = provider.default.default ?? provider.default
const memory = new MemoryCard({ name: 'wechat' })
await memory.load()
const puppet = new Puppet()
puppet.setMemory(memory)

const tls = CERTIFICATE
  ? { serverCert: readFileSync(CERTIFICATE, 'utf8'), serverKey: readFileSync(KEY, 'utf8') }
  : { disable: true }
await new PuppetServer({ endpoint: ENDPOINT, puppet, token: WECHATY_TOKEN, tls }).start().catch(error => {
  console.error(`nothing can listen at ${ENDPOINT}: does a gateway run there already?`, `(${error.message})`)
  process.exit(2)
})
console.log(`the gateway listens at ${ENDPOINT}`)

// A provider's slip must not end the gateway: Banzhang would have to log in anew.
process.on('unhandledRejection', error => console.error(error))
