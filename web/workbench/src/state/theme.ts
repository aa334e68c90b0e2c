import { ref, watchEffect } from 'vue';

export type Theme = 'light' | 'dark' | 'auto';
const kept = localStorage.getItem('macaw:theme');
export const theme = ref<Theme>(kept === 'light' || kept === 'dark' ? kept : 'auto');

watchEffect(() => {
  document.documentElement.dataset.theme = theme.value;
  localStorage.setItem('macaw:theme', theme.value);
});
