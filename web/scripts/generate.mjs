// Types of the API and of the socket's frames, from the documents that the server makes of itself.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const from = new URL('../../docs/', import.meta.url);
const to = new URL('../client/src/generated/', import.meta.url);
mkdirSync(to, { recursive: true });

for (const [document, module] of [
  ['openapi.json', 'api.ts'],
  ['frames.json', 'frames.ts'],
]) {
  const schema = JSON.parse(readFileSync(new URL(document, from), 'utf8'));
  const types = astToString(await openapiTS(schema, { silent: true }));
  const head = `// @generated from docs/${document} by \`cargo xtask generate\`; not to be edited by hand.\n\n`;
  writeFileSync(new URL(module, to), head + types);
}
