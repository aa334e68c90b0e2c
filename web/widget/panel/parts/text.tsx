import { pieces } from '../links.ts';

/** Plain text with its links made visible. Never HTML. */
export function Text({ text }: { text: string }) {
  return (
    <>
      {pieces(text).map((piece, i) =>
        piece.kind === 'text' ? (
          piece.text
        ) : (
          <a
            key={i}
            href={piece.href}
            title={piece.href}
            target="_blank"
            rel="noopener noreferrer nofollow ugc"
          >
            {piece.text}
          </a>
        ),
      )}
    </>
  );
}
