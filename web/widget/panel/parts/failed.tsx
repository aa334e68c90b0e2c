import { usePanel } from '../context.ts';
import { Bird } from './icons.tsx';

export function Failed({ why }: { why: 'no_site' | 'network' }) {
  const { chat, words } = usePanel();
  const isLost = why === 'no_site';
  return (
    <main class="failed">
      <div class="perch asleep">
        <Bird size={72} />
      </div>
      <div role="alert">
        <h2>{isLost ? words.noSite : words.failedStart}</h2>
        <p>{isLost ? words.noSiteHelp : words.failedStartHelp}</p>
      </div>
      {!isLost && (
        <button type="button" class="primary" onClick={() => void chat.start()}>
          {words.retry}
        </button>
      )}
    </main>
  );
}
