import { useEffect } from 'preact/hooks';
import { useChatState, usePanel } from './context.ts';
import { Banner } from './parts/banner.tsx';
import { Composer } from './parts/composer.tsx';
import { Failed } from './parts/failed.tsx';
import { Header } from './parts/header.tsx';
import { Messages } from './parts/messages.tsx';
import { Skeleton } from './parts/skeleton.tsx';
import { DropZone } from './parts/tray.tsx';
import { Welcome } from './parts/welcome.tsx';

export function App() {
  const { chat, where } = usePanel();
  const { phase, view, link, simple } = useChatState();
  useEffect(() => {
    if (!where.embedded) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.isComposing) chat.close();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [chat, where]);

  const isEmpty = !view || (view.public.entries.length === 0 && view.pending.length === 0);
  const isKnown = view?.live || !isEmpty || simple || link.at === 'waiting' || link.at === 'stopped';
  return (
    <div class="shell">
      <Header />
      {phase.at === 'failed' ? (
        <Failed why={phase.why} />
      ) : (
        <>
          <Banner />
          <main class="body">
            {isEmpty && (phase.at === 'loading' || !isKnown) ? (
              <Skeleton />
            ) : isEmpty ? (
              <Welcome />
            ) : (
              <Messages />
            )}
          </main>
          <Composer />
          <DropZone />
        </>
      )}
    </div>
  );
}
