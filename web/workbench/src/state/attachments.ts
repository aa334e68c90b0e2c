import { type Attachment, sizeText, Tray, upload } from '@macaw/client';
import { onScopeDispose, shallowRef } from 'vue';
import { t } from '../i18n/index.ts';
import { useLive } from './inbox.ts';
import { me } from './session.ts';
import { say } from './toast.ts';

/** The files that wait in the composer of one conversation. They are dropped with it. */
export function useAttachments(conversation: string) {
  const live = useLive();
  const items = shallowRef<readonly Attachment[]>([]);
  const tray = new Tray({
    upload: (file, name, onProgress, signal) =>
      upload(file, { path: `/api/v1/conversations/${conversation}/files`, name, onProgress, signal }),
    send: (info) => void live.send(conversation, info.name, info.id),
    limit: () => me.value?.file_limit,
    onChange: (next) => {
      items.value = next;
    },
  });
  onScopeDispose(() => tray.clear());
  return {
    items,
    tray,
    add(files: Iterable<File>) {
      if (tray.add(files) > 0) say(t('file.many'), true);
    },
  };
}

/** Why an upload did not succeed, in words. */
export function whyNot(code: string, limit?: number): string {
  switch (code) {
    case 'too_large':
      return limit ? t('file.large', { limit: sizeText(limit) }) : t('file.large.any');
    case 'empty':
      return t('file.empty');
    case 'type_not_allowed':
      return t('file.type');
    case 'invalid':
      return t('file.damaged');
    case 'quota_exceeded':
      return t('file.quota', { limit: sizeText(limit ?? 0) });
    case 'storage_full':
      return t('file.full');
    case 'rate_limited':
      return t('file.pace');
    case 'not_owner':
      return t('file.owner');
    case 'network':
      return t('do.network');
    default:
      return t('file.failed');
  }
}

/** Trying again would end the same way. */
export function isFinal(code: string): boolean {
  return ['too_large', 'empty', 'type_not_allowed', 'invalid'].includes(code);
}
