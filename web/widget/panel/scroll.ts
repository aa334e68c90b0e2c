import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

const NEAR_PX = 80;

/** Keeps the end in sight while the reader is there, and leaves a reader of older messages alone. */
export function useStickToEnd(head: number, mine: string) {
  const ref = useRef<HTMLDivElement>(null);
  const sticks = useRef(true);
  const [isAway, setAway] = useState(false);
  const [seen, setSeen] = useState(head);

  const toEnd = useCallback(() => {
    const box = ref.current;
    if (!box) return;
    sticks.current = true;
    box.scrollTop = box.scrollHeight;
  }, []);

  useEffect(() => {
    const box = ref.current;
    if (!box) return;
    const onScroll = () => {
      sticks.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX;
      setAway(!sticks.current);
    };
    const follow = () => {
      if (sticks.current) box.scrollTop = box.scrollHeight;
    };
    box.addEventListener('scroll', onScroll, { passive: true });
    const sizes = new ResizeObserver(follow);
    sizes.observe(box);
    for (const child of box.children) sizes.observe(child);
    return () => {
      box.removeEventListener('scroll', onScroll);
      sizes.disconnect();
    };
  }, []);

  // Also for rows that the observer does not watch.
  useLayoutEffect(() => {
    if (sticks.current && ref.current) ref.current.scrollTop = ref.current.scrollHeight;
  });
  // What one says oneself is always shown.
  useLayoutEffect(() => {
    if (mine) toEnd();
  }, [mine, toEnd]);
  useEffect(() => {
    if (!isAway) setSeen(head);
  }, [isAway, head]);

  const keepPlace = useCallback(() => {
    const box = ref.current;
    const fromEnd = box ? box.scrollHeight - box.scrollTop : 0;
    return () =>
      requestAnimationFrame(() => {
        if (box) box.scrollTop = box.scrollHeight - fromEnd;
      });
  }, []);

  return { ref, isAway, hasNew: isAway && head > seen, toEnd, keepPlace };
}
