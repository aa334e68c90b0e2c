const EVERY_MS = 1200;

let timer = 0;
let own = '';
let words = '';
let count = 0;

/** While something is unread and the page is not looked at, its title takes turns with these words. */
export function callFor(unread: number, said: string): void {
  words = said;
  count = unread;
  change();
}

function change(): void {
  const calls = count > 0 && document.hidden;
  if (calls === timer > 0) return;
  if (calls) {
    own = document.title;
    timer = window.setInterval(() => {
      // A title that the page itself has changed meanwhile is what it goes back to.
      if (document.title !== words) own = document.title;
      document.title = document.title === words ? own : words;
    }, EVERY_MS);
  } else {
    clearInterval(timer);
    timer = 0;
    if (document.title === words) document.title = own;
  }
}

document.addEventListener('visibilitychange', change);
