// The page holds both languages; the style shows one.
const wanted = new URLSearchParams(location.search).get('lang') ?? navigator.language;
document.documentElement.lang = /^zh/i.test(wanted) ? 'zh-CN' : 'en';

export {};
