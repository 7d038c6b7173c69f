// Puts a round button on the page that opens the chat in a frame. Everything
// lives in a shadow tree: the page's styles and ours do not meet.
(() => {
  'use strict';
  const script = document.currentScript;
  const home = new URL(script.src).origin;
  if (document.querySelector('[data-chat-widget]')) return;
  const english = /^en/i.test(document.documentElement.lang);
  const words = english
    ? { open: 'Chat with the Centre', close: 'Close', title: 'Chat' }
    : { open: 'Chat với Trung tâm', close: 'Đóng', title: 'Trò chuyện' };

  const host = document.createElement('div');
  host.dataset.chatWidget = '';
  const root = host.attachShadow({ mode: 'open' });
  const style = new CSSStyleSheet();
  style.replaceSync(`
    :host { all: initial; }
    * { box-sizing: border-box; font: 600 16px/1.2 system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; }
    [hidden] { display: none !important; }
    button { cursor: pointer; border: 0; color: #fff; background: #0a6b5e; }
    button:focus-visible { outline: 3px solid #0b4f9e; outline-offset: 3px; box-shadow: 0 0 0 3px #fff; }
    .open { position: fixed; right: max(16px, env(safe-area-inset-right)); bottom: max(16px, env(safe-area-inset-bottom)); z-index: 2147483000;
      width: 64px; height: 64px; border-radius: 50%; display: grid; place-items: center; box-shadow: 0 4px 16px rgb(0 0 0 / .3); }
    .open svg { width: 32px; height: 32px; }
    .tip { position: fixed; right: 92px; bottom: 32px; z-index: 2147483000; padding: 8px 14px; border-radius: 18px; background: #fff; color: #12241f; box-shadow: 0 2px 10px rgb(0 0 0 / .25); pointer-events: none; opacity: 0; }
    .open:hover + .tip, .open:focus-visible + .tip { opacity: 1; }
    .panel { position: fixed; right: 16px; bottom: 96px; z-index: 2147483001; width: min(400px, calc(100vw - 32px)); height: min(640px, calc(100dvh - 112px));
      display: flex; flex-direction: column; border-radius: 16px; overflow: hidden; background: #fff; box-shadow: 0 8px 32px rgb(0 0 0 / .35); }
    .head { display: flex; align-items: center; justify-content: space-between; padding-left: 14px; background: #0a5f54; color: #fff; }
    .close { min-height: 44px; padding: 0 18px; background: transparent; }
    .close:focus-visible { outline-color: #fff; outline-offset: -4px; }
    iframe { flex: 1; width: 100%; border: 0; }
    @media (max-width: 480px), (max-height: 480px) { .panel { inset: 0; width: 100%; height: 100%; border-radius: 0; } }
    @media (prefers-color-scheme: dark) { .panel { background: #0d1715; } }
  `);
  root.adoptedStyleSheets = [style];

  const make = (tag, attributes, parent) => {
    const e = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
    parent.append(e);
    return e;
  };
  const open = make('button', { type: 'button', class: 'open', 'aria-label': words.open, 'aria-expanded': 'false', 'aria-controls': 'panel' }, root);
  open.innerHTML = '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" aria-hidden="true"><path d="M4 5h16v11H9l-5 4z"/><path d="M8 9h8M8 12h5" stroke-linecap="round"/></svg>';
  make('span', { class: 'tip', 'aria-hidden': 'true' }, root).textContent = words.open;
  const panel = make('div', { id: 'panel', class: 'panel', role: 'dialog', 'aria-label': words.open, hidden: '' }, root);
  const head = make('div', { class: 'head' }, panel);
  make('span', { 'aria-hidden': 'true' }, head).textContent = words.open;
  const close = make('button', { type: 'button', class: 'close' }, head);
  close.textContent = words.close;
  let frame = null;

  const show = (on) => {
    if (on && !frame) { // nothing is loaded before somebody wants to talk
      frame = make('iframe', { title: words.title, src: `${home}/widget${english ? '?lang=en' : ''}` }, panel);
      frame.addEventListener('load', () => { if (!panel.hidden) frame.focus(); }, { once: true });
    }
    panel.hidden = !on;
    open.setAttribute('aria-expanded', String(on));
    if (on) frame.focus();
    else open.focus();
  };
  open.addEventListener('click', () => show(panel.hidden));
  close.addEventListener('click', () => show(false));
  root.addEventListener('keydown', (event) => { if (event.key === 'Escape' && !panel.hidden) show(false); });
  window.addEventListener('message', (event) => {
    if (event.origin === home && frame && event.source === frame.contentWindow && event.data === 'chat:close') show(false);
  });

  const attach = () => document.body.append(host);
  if (document.body) attach();
  else document.addEventListener('DOMContentLoaded', attach);
})();
