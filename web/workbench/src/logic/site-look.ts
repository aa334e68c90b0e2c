import type { Site, SiteCard } from '@macaw/client';

export type Words = { lang: string; title: string; greeting: string; suggestions: string };

/** What a manager is changing; lists are texts with a line each. */
export type SiteDraft = {
  name: string;
  greeting: string;
  suggestions: string;
  domains: string;
  colour: string;
  typing_preview: boolean;
  engine: string | null;
  title: string;
  corner: 'right' | 'left';
  face: 'macaw' | 'initial' | 'logo';
  powered: boolean;
  languages: Words[];
  logo?: string;
};

/** Languages that can be added; a visitor of any other reads the default words. */
export const LANGUAGES = ['en', 'zh', 'ja', 'ko', 'es', 'fr', 'de', 'pt', 'ru', 'vi', 'th', 'id'] as const;
export const MOST_LANGUAGES = 4;

export const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);

export function draftOf(site: Site): SiteDraft {
  const { look } = site;
  return {
    name: site.name,
    greeting: site.greeting,
    suggestions: site.suggestions.join('\n'),
    domains: site.domains.join('\n'),
    colour: site.colour,
    typing_preview: site.typing_preview,
    engine: site.engine,
    title: look.title,
    corner: look.corner,
    face: look.face,
    powered: look.powered,
    languages: look.languages.map((words) => ({
      lang: words.lang,
      title: words.title ?? '',
      greeting: words.greeting ?? '',
      suggestions: (words.suggestions ?? []).join('\n'),
    })),
    logo: look.logo,
  };
}

/** As the server takes it. */
export function bodyOf(draft: SiteDraft) {
  const { title, corner, face, powered, languages } = draft;
  return {
    name: draft.name.trim(),
    greeting: draft.greeting,
    colour: draft.colour,
    suggestions: lines(draft.suggestions),
    domains: lines(draft.domains),
    typing_preview: draft.typing_preview,
    engine: draft.engine,
    look: {
      title,
      corner,
      face,
      powered,
      languages: languages.map((words) => ({ ...words, suggestions: lines(words.suggestions) })),
    },
  };
}

/** What a visitor's panel would be told: `lang` is one of the draft's languages, or empty for the default words. */
export function cardOf(draft: SiteDraft, id: string, lang: string, agent: string | null): SiteCard {
  const words = draft.languages.find((w) => w.lang === lang);
  const own = draft.title.trim() || draft.name.trim();
  const suggestions = lines(words?.suggestions ?? '');
  const face = draft.face === 'logo' && !draft.logo ? 'initial' : draft.face;
  return {
    id,
    name: draft.name,
    title: words?.title.trim() || own,
    greeting: words?.greeting.trim() || draft.greeting.trim(),
    suggestions: suggestions.length > 0 ? suggestions : lines(draft.suggestions),
    colour: draft.colour,
    engine: draft.engine !== null,
    online: agent !== null,
    typing_preview: draft.typing_preview,
    file_limit: 0,
    corner: draft.corner,
    face,
    ...(face === 'logo' && { logo: draft.logo }),
    powered: draft.powered,
    agents: agent ? [agent] : [],
    ...(agent && { answers_in_ms: 120_000 }),
  };
}
