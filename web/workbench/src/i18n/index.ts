import { ref, watchEffect } from 'vue';
import * as canned from './canned.ts';
import * as desk from './desk.ts';
import { en as mainEn } from './en.ts';
import * as engines from './engines.ts';
import * as firstSteps from './first-steps.ts';
import * as identity from './identity.ts';
import * as knowledge from './knowledge.ts';
import * as people from './people.ts';
import * as routing from './routing.ts';
import * as widget from './widget.ts';
import { zh as mainZh } from './zh.ts';

const zh = {
  ...mainZh,
  ...knowledge.zh,
  ...firstSteps.zh,
  ...people.zh,
  ...identity.zh,
  ...engines.zh,
  ...routing.zh,
  ...widget.zh,
  ...canned.zh,
  ...desk.zh,
};
const en = {
  ...mainEn,
  ...knowledge.en,
  ...firstSteps.en,
  ...people.en,
  ...identity.en,
  ...engines.en,
  ...routing.en,
  ...widget.en,
  ...canned.en,
  ...desk.en,
};

export type Key = keyof typeof zh;
export type Lang = 'zh-CN' | 'en';

const kept = localStorage.getItem('macaw:lang');
export const lang = ref<Lang>(
  kept === 'en' || kept === 'zh-CN' ? kept : navigator.language.startsWith('zh') ? 'zh-CN' : 'en',
);

watchEffect(() => {
  document.documentElement.lang = lang.value;
  localStorage.setItem('macaw:lang', lang.value);
});

/** The time zone in which times are shown: the member's own. Unset: the browser's. */
export const zone = ref<string | undefined>();

export function useZone(name: string | null | undefined): void {
  try {
    zone.value = new Intl.DateTimeFormat('en', { timeZone: name ?? undefined }).resolvedOptions().timeZone;
  } catch {
    // A zone that this browser does not know.
    zone.value = undefined;
  }
}

/** The words for `key` in the chosen language; {name} is filled from `values`. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  const words: string = (lang.value === 'en' ? en : zh)[key];
  return words.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

/** A visitor without a name is known by a mark such as #ad1707. */
export function visitorName(name: string | undefined): string {
  if (!name) return t('msg.visitor');
  return name.startsWith('#') ? `${t('msg.visitor')} ${name}` : name;
}

const reasons = ['accepted', 'least_busy', 'longest_idle', 'only_one'] as const;

/** Why somebody got a conversation, in words; empty for a code this page does not know. */
export function because(why: string | undefined): string {
  const code = reasons.find((r) => r === why);
  return code ? t(`because.${code}`) : '';
}

export function time(at: number): string {
  return new Intl.DateTimeFormat(lang.value, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone.value,
  }).format(at);
}

export function day(at: number): string {
  return new Intl.DateTimeFormat(lang.value, {
    month: 'long',
    day: 'numeric',
    weekday: 'short',
    timeZone: zone.value,
  }).format(at);
}

export function moment(at: number): string {
  const options = {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zone.value,
  } as const;
  return new Intl.DateTimeFormat(lang.value, options).format(at);
}

/** 3,214: grouped as the language does. */
export function number(n: number): string {
  return new Intl.NumberFormat(lang.value).format(n);
}
