import { usePanel } from '../context.ts';
import { Bird } from './icons.tsx';

type Props = { name: string | null; size: 'small' | 'large'; online?: boolean };

const hues = ['scarlet', 'blue', 'gold', 'green'];

/** A person's initial in one of the feathers' colours, or the site's face. */
export function Avatar({ name, size, online }: Props) {
  const first = name ? Array.from(name.trim())[0] : undefined;
  const hue = hues[(first?.codePointAt(0) ?? 0) % hues.length];
  const { site } = usePanel().chat.state;
  return (
    <span class={`avatar ${size} ${first ? hue : (site?.face ?? 'macaw')}`} aria-hidden="true">
      {first ? <span>{first.toUpperCase()}</span> : <Face size={size === 'large' ? 30 : 20} />}
      {online && <i class="dot" />}
    </span>
  );
}

/** What stands for the site where no person answers: the macaw, its first letter or its logo. */
export function Face({ size }: { size: number }) {
  const { site } = usePanel().chat.state;
  if (site?.face === 'logo' && site.logo) return <img src={site.logo} alt="" />;
  if (site && site.face !== 'macaw') return <span>{Array.from(site.title.trim())[0]?.toUpperCase()}</span>;
  return <Bird size={size} />;
}
