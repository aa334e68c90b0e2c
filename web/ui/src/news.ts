import type { InjectionKey, Ref } from 'vue';

/**
 * What must be heard while a dialog is open. A modal dialog hides the rest of the page from screen readers,
 * with whatever is announced there; so each dialog announces this itself.
 */
export const dialogNews: InjectionKey<Readonly<Ref<string>>> = Symbol('dialog news');
