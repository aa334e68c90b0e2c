import type { Summary } from '@macaw/client';
import { t } from '../i18n/index.ts';

/** The newest message of a conversation in one line: of a file its kind and its name. */
export function lastWords({ last }: Summary): string {
  if (!last) return '';
  if (last.kind === 'recalled') return t('quote.gone');
  const mark = last.kind === 'image' ? t('list.image') : last.kind === 'file' ? t('list.file') : '';
  return `${mark} ${last.text}`.trim();
}
