// How far the page is with what it shows: fonts, and pictures on or near the screen.
(() => {
  const near = e => { const r = e.getBoundingClientRect(); return r.width > 1 && r.height > 1 && r.bottom > -innerHeight && r.top < 2 * innerHeight; };
  const s = scroller();
  return {
    ready: !!document.body && document.readyState !== 'loading' && document.fonts.status === 'loaded' && [...document.images].every(i => i.complete || !near(i)),
    top: s.scrollTop, height: s.scrollHeight, view: s.clientHeight,
  };
})()
