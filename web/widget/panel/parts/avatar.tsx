import { Bird } from './icons.tsx';

type Props = { name: string | null; size: 'small' | 'large'; online?: boolean };

const hues = ['scarlet', 'blue', 'gold', 'green'];

/** A person's initial in one of the feathers' colours, or the macaw. */
export function Avatar({ name, size, online }: Props) {
  const first = name ? Array.from(name.trim())[0] : undefined;
  const hue = hues[(first?.codePointAt(0) ?? 0) % hues.length];
  return (
    <span class={`avatar ${size} ${first ? hue : 'bird'}`} aria-hidden="true">
      {first ? <span>{first.toUpperCase()}</span> : <Bird size={size === 'large' ? 30 : 20} />}
      {online && <i class="dot" />}
    </span>
  );
}
