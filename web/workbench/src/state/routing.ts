import type { Routed, RouteQuestion, Rules, RulesChecked } from '@macaw/client';
import { http } from './session.ts';

const PATH = '/api/v1/routing';

export const readRules = (): Promise<Rules> => http.get(PATH);

/** Puts `text` in place of the version that was looked at. */
export function saveRules(version: number, text: string, restores?: number): Promise<Rules> {
  return http.put(PATH, { version, text, ...(restores === undefined ? {} : { restores }) });
}

export async function pastRules(version: number): Promise<string> {
  return (await http.get<{ text: string }>(`${PATH}/past?version=${version}`)).text;
}

export const checkRules = (text: string): Promise<RulesChecked> => http.post(`${PATH}/check`, { text });

export const tryRoute = (question: RouteQuestion): Promise<Routed> => http.post(`${PATH}/test`, question);
