// (y) => where the page is then. At once, whatever the page's styles say about smoothness.
(y => {
  const s = globalThis.platformScroller && globalThis.platformScroller.isConnected ? globalThis.platformScroller : (globalThis.platformScroller = scroller());
  s.scrollTo({ top: y, left: 0, behavior: 'instant' });
  return s.scrollTop;
})
