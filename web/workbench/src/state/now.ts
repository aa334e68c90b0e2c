import { ref } from 'vue';

/** This second. One timer for all clocks. */
export const now = ref(Date.now());
window.setInterval(() => (now.value = Date.now()), 1000);
