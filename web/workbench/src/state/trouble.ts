import { ref } from 'vue';

/** Why the workbench could not start, in words. */
export const trouble = ref('');
