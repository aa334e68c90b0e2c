import { usePanel } from '../context.ts';
import { Avatar } from './avatar.tsx';

export function Dots({ label }: { label: string }) {
  return (
    <span class="dots" role="img" aria-label={label}>
      <i />
      <i />
      <i />
    </span>
  );
}

export function TypingRow({ name }: { name: string }) {
  const { words } = usePanel();
  return (
    <div class="row theirs agent first last" role="status">
      <Avatar name={name} size="small" />
      <div class="stack">
        <div class="bubble">
          <Dots label={words.typing(name)} />
        </div>
      </div>
    </div>
  );
}
