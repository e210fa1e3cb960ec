// (x, y) => where the page is scrolled to, and what the pointer looks like over that point of the viewport.
((x, y) => {
  const s = globalThis.platformScroller && globalThis.platformScroller.isConnected ? globalThis.platformScroller : (globalThis.platformScroller = scroller());
  let e = x === null ? null : document.elementFromPoint(x, y);
  while (e && e.shadowRoot) { const inner = e.shadowRoot.elementFromPoint(x, y); if (!inner || inner === e) break; e = inner; }
  const cursor = e ? getComputedStyle(e).cursor : 'default';
  const text = cursor === 'text' || cursor === 'auto' && !!e && e.matches('input:not([type=submit]):not([type=button]):not([type=checkbox]):not([type=radio]):not([type=range]),textarea,[contenteditable=true]');
  return { top: s.scrollTop, shape: cursor === 'pointer' || cursor === 'auto' && !!e && !!e.closest('a[href]') ? 'Hand' : text ? 'Text' : 'Arrow' };
})
