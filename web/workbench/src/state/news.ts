import { computed } from 'vue';
import { t, visitorName } from '../i18n/index.ts';
import { offers } from './inbox.ts';

/** The offers that ring, in words to be heard. */
export const ringing = computed(() =>
  offers.value.map((o) => t('offer.said', { name: visitorName(o.visitor.name) })).join(' '),
);
export const ringingBehind = computed(() => (ringing.value ? `${ringing.value} ${t('offer.behind')}` : ''));
