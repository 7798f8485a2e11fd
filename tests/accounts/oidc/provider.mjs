// A real, certified provider for tests: npm's oidc-provider, with people as the test tells them.
// Arguments: the folder of node_modules, and JSON {port, client_id, client_secret, back, people}.
import { pathToFileURL } from 'node:url';

const [modules, told] = process.argv.slice(2);
const { port, client_id, client_secret, back, people } = JSON.parse(told);
const { default: Provider } = await import(pathToFileURL(`${modules}/oidc-provider/lib/index.js`));
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id, client_secret, redirect_uris: [back], grant_types: ['authorization_code'] }],
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
  pkce: { required: () => true },
  cookies: { keys: ['only for tests'] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
});
provider.listen(port, '127.0.0.1', () => console.log('ready'));
