import { ref, watch } from 'vue';

/** Which key sends what is in the composer. Kept in this browser: it belongs to a keyboard, not to a person. */
export type SendKey = 'enter' | 'ctrl';
const KEY = 'macaw:send-key';
export const sendKey = ref<SendKey>(localStorage.getItem(KEY) === 'ctrl' ? 'ctrl' : 'enter');
watch(sendKey, (key) => localStorage.setItem(KEY, key));

/** Whether this press of Enter sends; otherwise it makes a new line. */
export function isSending(e: Pick<KeyboardEvent, 'shiftKey' | 'ctrlKey' | 'metaKey'>): boolean {
  if (e.shiftKey) return false;
  return sendKey.value === 'enter' || e.ctrlKey || e.metaKey;
}
