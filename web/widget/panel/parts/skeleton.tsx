import { usePanel } from '../context.ts';

export function Skeleton() {
  const { words } = usePanel();
  return (
    <div class="skeleton" aria-busy="true" aria-label={words.loading} role="img">
      <i class="w60" />
      <i class="w40" />
      <i class="mine w50" />
      <i class="w70" />
    </div>
  );
}
