import type { Engine } from '@macaw/client';

/** The kinds that can be configured, in the order in which they are offered. */
export const kinds = ['openai', 'dify', 'coze', 'fastgpt', 'http_nlp'] as const;
export type EngineKind = (typeof kinds)[number];
type Shape = 'text' | 'area' | 'json' | 'number' | 'switch' | 'region';

/** A key of an engine, and how it is asked for. `more`: among what is seldom needed. */
export type Field = {
  key: FieldKey;
  shape: Shape;
  needed?: boolean;
  secret?: boolean;
  more?: boolean;
  /** What an engine has that does not say. */
  on?: boolean;
};

const own = {
  openai: [
    { key: 'url', shape: 'text', needed: true },
    { key: 'model', shape: 'text', needed: true },
    { key: 'key', shape: 'text', secret: true },
    { key: 'grounding', shape: 'switch' },
    { key: 'system_prompt', shape: 'area' },
    { key: 'history', shape: 'number', more: true },
    { key: 'extra', shape: 'json', more: true },
  ],
  dify: [
    { key: 'url', shape: 'text' },
    { key: 'key', shape: 'text', secret: true, needed: true },
    { key: 'suggestions', shape: 'switch' },
    { key: 'inputs', shape: 'json', more: true },
  ],
  coze: [
    { key: 'region', shape: 'region' },
    { key: 'bot_id', shape: 'text', needed: true },
    { key: 'key', shape: 'text', secret: true },
    { key: 'suggestions', shape: 'switch' },
    { key: 'workflow_id', shape: 'text', more: true },
    { key: 'url', shape: 'text', more: true },
    { key: 'poll', shape: 'switch', more: true },
    { key: 'oauth_app_id', shape: 'text', more: true },
    { key: 'oauth_key_id', shape: 'text', more: true },
    { key: 'oauth_key', shape: 'area', secret: true, more: true },
  ],
  fastgpt: [
    { key: 'url', shape: 'text', needed: true },
    { key: 'key', shape: 'text', secret: true, needed: true },
    { key: 'app_id', shape: 'text' },
    { key: 'suggestions', shape: 'switch' },
    { key: 'detail', shape: 'switch', on: true, more: true },
    { key: 'variables', shape: 'json', more: true },
  ],
  http_nlp: [
    { key: 'url', shape: 'text', needed: true },
    { key: 'key', shape: 'text', secret: true },
    { key: 'min_confidence', shape: 'number' },
    { key: 'method', shape: 'text', more: true },
    { key: 'headers', shape: 'json', more: true },
    { key: 'query', shape: 'json', more: true },
    { key: 'body', shape: 'json', more: true },
    { key: 'success', shape: 'json', more: true },
    { key: 'map', shape: 'json', more: true },
    { key: 'stream', shape: 'json', more: true },
    { key: 'health', shape: 'text', more: true },
  ],
} as const satisfies Record<EngineKind, readonly (Omit<Field, 'key'> & { key: string })[]>;

const every = [
  { key: 'mask', shape: 'switch', on: true },
  { key: 'at_once', shape: 'number', more: true },
  { key: 'tokens_per_day', shape: 'number', more: true },
  { key: 'first_byte', shape: 'number', more: true },
  { key: 'between', shape: 'number', more: true },
  { key: 'total', shape: 'number', more: true },
] as const;

export type FieldKey = (typeof own)[EngineKind][number]['key'] | (typeof every)[number]['key'];

export function fieldsOf(kind: EngineKind): Field[] {
  return [...own[kind], ...every];
}

export const isKind = (word: string): word is EngineKind => (kinds as readonly string[]).includes(word);

/** What stands in the fields: text, or on and off. */
export type Values = Record<string, string | boolean>;
export type EngineFault = 'empty' | 'json' | 'number' | 'name' | 'again';

const shown = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : value === undefined || value === null
      ? ''
      : JSON.stringify(value, null, 2);

/** The fields as an engine has them. Of a secret nothing is known but that it is set. */
export function valuesOf(kind: EngineKind, settings: Record<string, unknown>): Values {
  return Object.fromEntries(
    fieldsOf(kind).map((field): [string, string | boolean] => {
      const value = settings[field.key];
      if (field.secret) return [field.key, ''];
      if (field.shape === 'switch') return [field.key, typeof value === 'boolean' ? value : !!field.on];
      if (field.shape === 'region') return [field.key, shown(value) || 'cn'];
      return [field.key, shown(value)];
    }),
  );
}

/** What the server is sent. What is empty or as it would be anyway is left out. */
export function settingsOf(kind: EngineKind, values: Values) {
  const settings: Record<string, unknown> = {};
  const secrets: Record<string, string> = {};
  const faults: Record<string, EngineFault> = {};
  for (const { key, shape, secret, on } of fieldsOf(kind)) {
    const value = values[key];
    const text = typeof value === 'string' ? value.trim() : '';
    if (shape === 'switch') {
      if (value !== !!on) settings[key] = value;
    } else if (secret) {
      if (text) secrets[key] = text;
    } else if (shape === 'region') {
      if (text && text !== 'cn') settings[key] = text;
    } else if (text) {
      const read =
        shape === 'json' ? readJson(text) : shape === 'number' ? readNumber(text) : { value: text };
      if ('fault' in read) faults[key] = read.fault;
      else settings[key] = read.value;
    }
  }
  return { settings, secrets, faults };
}

type Read = { value: unknown } | { fault: EngineFault };

function readJson(text: string): Read {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { fault: 'json' };
  }
}

function readNumber(text: string): Read {
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? { value } : { fault: 'number' };
}

/** What is missing; `set` are the secrets that the server has already. */
export function missing(
  kind: EngineKind,
  values: Values,
  set: readonly string[],
): Record<string, EngineFault> {
  const empty = fieldsOf(kind).filter(
    ({ key, needed, secret }) =>
      needed && !String(values[key] ?? '').trim() && !(secret && set.includes(key)),
  );
  return Object.fromEntries(empty.map(({ key }) => [key, 'empty' as const]));
}

/** Where the address changes the secrets that are set have to be entered again: they go to somebody else then. */
export function toEnterAgain(
  before: Record<string, unknown>,
  next: Record<string, unknown>,
  entered: Record<string, string>,
  set: readonly string[],
): Record<string, EngineFault> {
  const address = (settings: Record<string, unknown>) =>
    [settings.url, settings.region].map((part) => String(part ?? '').replace(/\/+$/, '')).join(' ');
  if (address(before) === address(next)) return {};
  return Object.fromEntries(set.filter((key) => !entered[key]).map((key) => [key, 'again' as const]));
}

export const isName = (name: string): boolean => /^[a-z0-9_-]{1,40}$/.test(name);

/** A name for a new engine of this kind that nobody has. */
export function freeName(kind: EngineKind, engines: readonly Engine[]): string {
  const base = kind === 'http_nlp' ? 'nlp' : kind;
  const taken = new Set(engines.map((engine) => engine.name));
  if (!taken.has(base)) return base;
  let n = 2;
  while (taken.has(`${base}-${n}`)) n++;
  return `${base}-${n}`;
}
