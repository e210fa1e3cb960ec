// (whole) => what is where on the page, for a director; with false only remembers what is in view now.
// Looked at screen by screen on the way down, because much only appears when it is scrolled to, and some goes again: what an element was
// when most of it was in view counts.
(whole => {
  const remembered = globalThis.platformSeen ||= new Map();
  const s = scroller(), vw = innerWidth, vh = innerHeight, inner = s !== (document.scrollingElement || document.documentElement);
  const height = Math.max(vh, inner ? s.scrollHeight + (vh - s.clientHeight) : s.scrollHeight), limit = 20000;
  const seen = new Set();
  const text = e => ((e.innerText || '').slice(0, 2000) || e.alt || e.getAttribute('aria-label') || e.value || '').replace(/\s+/g, ' ').trim().slice(0, 400);
  const styles = new Map();
  const style = e => { let c = styles.get(e); if (!c) styles.set(e, c = getComputedStyle(e)); return c; };
  const pinned = e => { for (; e && e !== document.body; e = e.parentElement) if (/fixed|sticky/.test(style(e).position)) return true; return false; };
  const opacity = e => { let o = 1; for (; e; e = e.parentElement) o *= +style(e).opacity; return o; };
  const box = e => { const r = e.getBoundingClientRect(); return { x: r.left + scrollX, y: r.top + (inner ? s.scrollTop : scrollY), width: r.width, height: r.height }; };
  // A line of text is as wide as its words, not as the column it stands in; what has a ground or a frame of its own is as wide as that.
  const written = (e, b) => {
    const c = style(e), range = document.createRange();
    if (luminance(c.backgroundColor) !== null || c.backgroundImage !== 'none' || parseFloat(c.borderLeftWidth) > 0) return b;
    range.selectNodeContents(e);
    const r = range.getBoundingClientRect(), x = Math.max(b.x, r.left + scrollX), width = Math.min(b.x + b.width, r.right + scrollX) - x;
    return width >= 8 ? { ...b, x, width } : b;
  };
  const inView = e => { const r = e.getBoundingClientRect(); return Math.max(0, Math.min(r.right, vw) - Math.max(r.left, 0)) * Math.max(0, Math.min(r.bottom, vh) - Math.max(r.top, 0)); };
  const shown = (e, b) => b.width >= 8 && b.height >= 8 && b.y < limit && b.x < vw && b.x + b.width > 0 && b.y + b.height > 0 && style(e).visibility === 'visible' && opacity(e) > 0.05;
  const luminance = c => { const m = /([\d.]+)[, ]+([\d.]+)[, ]+([\d.]+)(?:[,/ ]+([\d.]+))?/.exec(c); return m && m[4] !== '0' ? (0.2126 * m[1] + 0.7152 * m[2] + 0.0722 * m[3]) / 255 : null; };
  const behind = e => { for (; e; e = e.parentElement) { const l = luminance(style(e).backgroundColor); if (l !== null) return l; } return 1; };
  const add = (e, kind, raw, more) => {
    if (seen.has(e)) return;
    let b = box(e);
    if (!shown(e, b)) return;
    if (kind === 'Heading' || kind === 'Text') b = written(e, b);
    seen.add(e);
    const view = inView(e), known = remembered.get(e), fixed = pinned(e);
    if (view < 1 || known && (fixed || view < 1.05 * known.view)) return;
    remembered.set(e, { kind, box: b, text: text(e), raw: raw(b), view, fontSize: parseFloat(style(e).fontSize) || 0, fixed, level: 0, ...more });
  };
  const screen = vw * vh, share = b => Math.min(1, b.width * Math.min(b.height, vh) / screen);
  const contrast = e => Math.max(0.2, Math.abs((luminance(style(e).color) ?? 0) - behind(e)));
  const early = b => 1 / (1 + b.y / (4 * vh));

  for (const e of document.querySelectorAll('h1,h2,h3,h4,h5,h6,[role=heading]')) {
    if (!text(e)) continue;
    const level = +(e.getAttribute('aria-level') || e.tagName[1]) || 2, size = parseFloat(style(e).fontSize) || 16;
    add(e, 'Heading', b => Math.min(1, size / 72) * contrast(e) * (0.6 + 0.4 * early(b)), { level: Math.min(6, Math.max(1, level)) });
  }
  // Headlines that are not marked up as such: a short line in large type.
  for (const e of document.querySelectorAll('body div,body p,body span,body a,body strong')) {
    if (seen.has(e) || e.closest('h1,h2,h3,h4,h5,h6,[role=heading]')) continue;
    const size = parseFloat(style(e).fontSize) || 0;
    if (size < 28 || ![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim().length > 2)) continue;
    const t = text(e);
    if (t.length > 2 && t.length <= 140) add(e, 'Heading', b => Math.min(1, size / 72) * contrast(e) * (0.6 + 0.4 * early(b)), { level: size >= 44 ? 1 : size >= 34 ? 2 : 3 });
  }
  // The bar across the top: as the first screen has it, and as it stays there when the page is scrolled, often lower.
  const down = inner ? s.scrollTop : scrollY;
  for (let e = document.elementFromPoint(vw / 2, 3); e && e !== document.body; e = e.parentElement) {
    const r = e.getBoundingClientRect(), stays = /fixed|sticky/.test(style(e).position);
    if (r.top >= 1 || r.width <= vw / 2 || r.height < 16 || r.height >= vh / 4 || !stays && !e.matches('nav,header,[role=navigation],[role=banner]')) continue;
    const bar = { kind: 'Bar', box: { x: r.left, y: Math.max(0, r.top), width: r.width, height: r.height } };
    if (down < 1) add(e, 'Bar', () => 0, { ...bar, fixed: false });
    else if (stays) remembered.set(document.documentElement, { ...bar, text: '', raw: 0, view: 1, fontSize: 0, fixed: true, level: 0 });
    break;
  }
  for (const e of document.querySelectorAll('section,article,header,footer,main > div,main > *,body > div,[role=region]')) {
    const b = box(e);
    if (b.width < 0.4 * vw || b.height < 120 || b.height > Math.max(3 * vh, 0.8 * height) && e.children.length > 1) continue;
    add(e, 'Section', x => 0.5 * share(x) + 0.2 * early(x));
  }
  // A picture on a card is the card: cut at its padding it would look torn.
  const card = e => {
    for (let p = e.parentElement, n = 0; p && n < 3 && p !== document.body; p = p.parentElement, n++) {
      const c = style(p), b = box(p);
      if (b.width * b.height > 0.4 * screen || !text(p)) continue;
      if (c.boxShadow !== 'none' || parseFloat(c.borderTopLeftRadius) > 0 && luminance(c.backgroundColor) !== null) return p;
    }
    return e;
  };
  for (const e of document.querySelectorAll('figure,img,svg,canvas,video,picture,[style*="background-image"]')) {
    const b = box(e);
    if (b.width < 80 || b.height < 60 || e.parentElement && e.parentElement.closest('svg,picture,figure')) continue;
    add(card(e), 'Image', x => 0.3 + 0.6 * share(x));
  }
  for (const e of document.querySelectorAll('button,[role=button],input[type=submit],input[type=button],a[href]')) {
    const c = style(e), b = box(e);
    if (b.height < 20 || b.height > 140 || b.width < 40 || b.width > 0.8 * vw || !text(e)) continue;
    if (e.tagName === 'A' && e.getAttribute('role') !== 'button') {
      const filled = luminance(c.backgroundColor) !== null || c.backgroundImage !== 'none', framed = parseFloat(c.borderTopWidth) >= 1 && c.borderTopStyle !== 'none';
      if (!(filled || framed) || parseFloat(c.paddingLeft) < 6) continue;
    }
    add(e, 'Button', x => 0.3 + 0.4 * Math.min(1, x.width * x.height / 16000) * Math.max(0.2, Math.abs((luminance(c.backgroundColor) ?? behind(e)) - behind(e.parentElement || e))));
  }
  // What is filled in, and tables: cut at their sides they would look torn. What somebody has typed is not told.
  for (const e of document.querySelectorAll('input:not([type=hidden],[type=submit],[type=button],[type=checkbox],[type=radio]),textarea,select')) {
    if (e.offsetWidth < 60) continue;
    add(e, 'Field', b => 0.1 + 0.3 * share(b), { text: (e.placeholder || e.getAttribute('aria-label') || '').slice(0, 400) });
  }
  for (const e of document.querySelectorAll('table')) {
    if (e.querySelector('table') || e.rows.length < 2) continue;
    add(card(e), 'Table', b => 0.3 + 0.4 * share(b));
  }
  for (const e of document.querySelectorAll('p,li,blockquote,figcaption,dd,pre')) {
    if (e.querySelector('p,li,h1,h2,h3,button') || text(e).length < 25) continue;
    add(e, 'Text', b => 0.1 + 0.3 * share(b) * Math.min(1, (parseFloat(style(e).fontSize) || 16) / 24));
  }
  if (!whole) return remembered.size;
  const out = [...remembered].filter(([e]) => e.isConnected).map(([, o]) => o);
  const most = Math.max(0.01, ...out.map(o => o.raw));
  const order = new Map(out.map((o, i) => [o, i]));
  out.sort((a, b) => a.box.y - b.box.y || a.box.x - b.box.x || order.get(a) - order.get(b));
  return {
    title: document.title.replace(/\s+/g, ' ').trim().slice(0, 300), width: vw, height: Math.min(limit, height),
    elements: out.slice(0, 2000).map(({ raw, view, ...o }) => ({ ...o, weight: Math.round(1000 * raw / most) / 1000 })),
  };
})
