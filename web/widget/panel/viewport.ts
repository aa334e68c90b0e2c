/** A phone's keyboard covers the page without resizing it: the shell follows the part that is seen. */
export function followViewport(view: Window): void {
  const seen = view.visualViewport;
  if (!seen) return;
  const follow = () => {
    const style = view.document.documentElement.style;
    // Pinch zoom shrinks it too, and must stay a zoom.
    if (seen.scale > 1.01) return;
    style.setProperty('--seen-height', `${Math.round(seen.height)}px`);
    style.setProperty('--seen-top', `${Math.round(seen.offsetTop)}px`);
  };
  seen.addEventListener('resize', follow);
  seen.addEventListener('scroll', follow);
  follow();
}
