import { useEffect } from 'preact/hooks';
import { useChatState, usePanel } from './context.ts';
import { Banner } from './parts/banner.tsx';
import { Composer } from './parts/composer.tsx';
import { Failed } from './parts/failed.tsx';
import { Header } from './parts/header.tsx';
import { Home } from './parts/home.tsx';
import { Messages } from './parts/messages.tsx';
import { Skeleton } from './parts/skeleton.tsx';
import { DropZone } from './parts/tray.tsx';

export function App() {
  const { chat, where } = usePanel();
  const { phase, view, link, simple, screen: chosen } = useChatState();
  useEffect(() => {
    if (!where.embedded) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.isComposing) chat.close();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [chat, where]);

  const isEmpty = !view || (view.public.entries.length === 0 && view.pending.length === 0);
  const isKnown = view?.live || simple || link.at === 'waiting' || link.at === 'stopped';
  const isLoading = phase.at === 'loading' && isEmpty;
  // Where nothing can be read the home is there, with its composer.
  const screen = isLoading ? null : (chosen ?? (isKnown ? 'home' : null));
  return (
    <div class="shell" inert={where.preview}>
      <Header screen={screen} />
      {phase.at === 'failed' ? (
        <Failed why={phase.why} />
      ) : (
        <>
          <Banner />
          <main class="body">
            {!screen ? <Skeleton /> : screen === 'home' || isEmpty ? <Home /> : <Messages />}
          </main>
          <Composer />
          <DropZone />
        </>
      )}
    </div>
  );
}
