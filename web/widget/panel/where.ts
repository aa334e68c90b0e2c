/** What the address says: which site, in an iframe or not, whose page is around it. */
export type Where = {
  site: string;
  embedded: boolean;
  hostOrigin: string | null;
  lang: string;
  /** The workbench shows how it would look; nothing is sent. */
  preview: boolean;
};

export function readWhere(pathname: string, search: string, languages: readonly string[]): Where {
  const query = new URLSearchParams(search);
  const site = decodeURIComponent(/^\/chat\/([^/]+)/.exec(pathname)?.[1] ?? '');
  return {
    site,
    embedded: query.get('embed') === '1',
    hostOrigin: query.get('host'),
    lang: query.get('lang') ?? languages[0] ?? 'zh-CN',
    preview: query.get('preview') === '1',
  };
}

/** Where the site's card in this language is. */
export function cardPath({ site, lang }: Where): string {
  return `/api/v1/visitor/site/${encodeURIComponent(site)}?lang=${encodeURIComponent(lang.slice(0, 2).toLowerCase())}`;
}
