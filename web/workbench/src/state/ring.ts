import { watch } from 'vue';
import { t } from '../i18n/index.ts';
import { offers } from './inbox.ts';

let audio: AudioContext | null = null;
const wake = () => (audio ??= new AudioContext());
window.addEventListener('pointerdown', wake, { once: true });
window.addEventListener('keydown', wake, { once: true });

function chime(): void {
  if (audio?.state !== 'running') return;
  [659, 880].forEach((hertz, i) => {
    if (!audio) return;
    const at = audio.currentTime + i * 0.18;
    const tone = audio.createOscillator();
    const gain = audio.createGain();
    tone.frequency.value = hertz;
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(0.12, at + 0.02);
    gain.gain.exponentialRampToValueAtTime(0.001, at + 0.5);
    tone.connect(gain).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.55);
  });
}

/** Rings, flashes the title and notifies until no offer is left. */
export function useRing(): void {
  const title = document.title;
  let timer = 0;
  watch(
    () => offers.value.map((o) => o.id).join(),
    (ids, before) => {
      window.clearInterval(timer);
      document.title = title;
      if (!ids) return;
      let beat = 0;
      const ring = () => {
        if (beat % 2 === 0) chime();
        document.title = beat++ % 2 ? title : t('offer.flash');
      };
      ring();
      timer = window.setInterval(ring, 1200);
      const first = offers.value[0];
      const isNew = first && !before?.includes(first.id);
      if (isNew && document.hidden && 'Notification' in window && Notification.permission === 'granted') {
        new Notification(t('offer.title'), { body: first.visitor.name, tag: first.id });
      }
    },
    { immediate: true },
  );
}
