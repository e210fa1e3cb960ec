// What scrolls when a visitor scrolls: the document, or the one large element that does it instead.
const scroller = () => {
  const root = document.scrollingElement || document.documentElement;
  if (!root) return { scrollTop: 0, scrollHeight: innerHeight, clientHeight: innerHeight, scrollTo() { } }; // a document that has only just begun
  if (root.scrollHeight > innerHeight + 4) return root;
  let best = null, most = 0.5 * innerWidth * innerHeight;
  for (const e of document.querySelectorAll('body *')) {
    if (e.scrollHeight <= e.clientHeight + 50 || !/auto|scroll|overlay/.test(getComputedStyle(e).overflowY)) continue;
    const area = e.clientWidth * e.clientHeight;
    if (area > most) { best = e; most = area; }
  }
  return best || root;
};
