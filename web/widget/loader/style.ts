/** All of the launcher's looks; lives in its shadow root only. */
export const css = `
:host{all:initial!important;position:fixed!important;z-index:2147483000!important;inset:auto 0 0 auto!important;
--brand:#1570EF;font:500 14px/1.4 system-ui,-apple-system,"PingFang SC","Microsoft YaHei",sans-serif}
*{box-sizing:border-box}
.launch{position:fixed;right:calc(20px + env(safe-area-inset-right));bottom:calc(20px + env(safe-area-inset-bottom));
width:60px;height:60px;padding:0;border:0;border-radius:50%;cursor:pointer;color:#fff;background:var(--brand);
box-shadow:0 1px 2px rgb(16 24 40/.16),0 10px 28px -6px rgb(16 24 40/.36);display:grid;place-items:center;
transition:transform .28s cubic-bezier(.3,1.5,.5,1),box-shadow .2s;animation:in .5s cubic-bezier(.3,1.4,.5,1) both;
-webkit-tap-highlight-color:transparent}
.launch:hover{transform:translateY(-2px) scale(1.04);box-shadow:0 2px 4px rgb(16 24 40/.16),0 16px 36px -8px rgb(16 24 40/.44)}
.launch:active{transform:scale(.95)}
.launch:focus-visible{outline:3px solid #fff;outline-offset:-6px;box-shadow:0 0 0 3px var(--brand),0 10px 28px -6px rgb(16 24 40/.4)}
.launch svg{grid-area:1/1;transition:transform .32s cubic-bezier(.3,1.4,.5,1),opacity .16s}
.launch .x{opacity:0;transform:rotate(-60deg) scale(.5)}
.open .launch .x{opacity:1;transform:none}
.open .launch .bird{opacity:0;transform:rotate(40deg) scale(.5)}
.badge{position:absolute;top:-3px;inset-inline-end:-3px;min-width:22px;height:22px;padding:0 6px;border-radius:11px;background:#C9222B;
color:#fff;font-size:12px;font-weight:700;line-height:18px;border:2px solid #fff;text-align:center;animation:in .36s cubic-bezier(.3,1.6,.5,1)}
.badge[hidden]{display:none}
.frame{position:fixed;right:calc(20px + env(safe-area-inset-right));bottom:calc(94px + env(safe-area-inset-bottom));
width:min(404px,calc(100vw - 40px));height:min(700px,calc(100vh - 124px));
border-radius:20px;overflow:hidden;background:#F6F7F9;
box-shadow:0 0 0 1px rgb(16 24 40/.06),0 24px 64px -12px rgb(16 24 40/.32);transform-origin:calc(100% - 30px) calc(100% + 44px);
visibility:hidden;opacity:0;transform:translateY(14px) scale(.94);
transition:transform .32s cubic-bezier(.2,.9,.3,1),opacity .18s,visibility 0s .32s}
.open .frame{visibility:visible;opacity:1;transform:none;transition:transform .36s cubic-bezier(.2,1.1,.3,1),opacity .16s,visibility 0s}
:host(.left) .launch{right:auto;left:calc(20px + env(safe-area-inset-left))}
:host(.left) .frame{right:auto;left:calc(20px + env(safe-area-inset-left));transform-origin:30px calc(100% + 44px)}
iframe{display:block;width:100%;height:100%;border:0;color-scheme:normal}
@media (prefers-color-scheme:dark){.frame{background:#0F1115;box-shadow:0 0 0 1px rgb(255 255 255/.1),0 24px 64px -12px #000}.badge{border-color:#15181E}}
@media (max-width:520px),(max-height:480px){
.frame,:host(.left) .frame{inset:0 0 auto 0;width:100%;height:100vh;height:100dvh;border-radius:0;box-shadow:none;transform:translateY(24px)}
.open .launch{visibility:hidden}}
@media (prefers-reduced-motion:reduce){*,.launch,.frame{transition-duration:.01ms!important;animation:none!important}}
@media print{.launch,.frame{display:none}}
@keyframes in{from{opacity:0;transform:scale(.4)}}
`;

/** Constructable sheets are not subject to the page's style-src; a style element is the way of old browsers. */
export function applyStyle(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const style = document.createElement('style');
    style.textContent = css;
    root.append(style);
  }
}
