import type { Site } from '@macaw/client';
import { snippetOf } from './snippet.ts';

/** What a customer's server needs to sign, as docs/guide/identity.md has it, with the site filled in. */
export function signingCode(site: Pick<Site, 'id'>): string {
  return `import { createHmac } from 'node:crypto';

const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

export function identity(customer) {
  const exp = Math.floor(Date.now() / 1000) + 600;
  const claims = { aud: '${site.id}', sub: String(customer.id), name: customer.name, exp };
  const body = \`\${part({ alg: 'HS256', typ: 'JWT' })}.\${part(claims)}\`;
  return \`\${body}.\${createHmac('sha256', process.env.MACAW_SECRET).update(body).digest('base64url')}\`;
}`;
}

/** The page's snippet with the place for the token. */
export function identitySnippet(site: Pick<Site, 'snippet'>, origin = location.origin): string {
  return snippetOf(site, origin).replace(/(data-site="[^"]*")/, '$1 data-identity="TOKEN"');
}
