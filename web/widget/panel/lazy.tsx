import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

/** A part that is fetched when it is first shown; nothing is there until it has come. */
export function lazily<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let loaded: ComponentType<P> | null = null;
  return function Lazy(props: P) {
    const [Part, setPart] = useState<ComponentType<P> | null>(() => loaded);
    useEffect(() => {
      let isHere = true;
      if (!loaded)
        load().then(
          (part) => {
            loaded = part;
            if (isHere) setPart(() => part);
          },
          // Without a network it is shown the next time.
          () => {},
        );
      return () => {
        isHere = false;
      };
    }, []);
    return Part && <Part {...props} />;
  };
}
