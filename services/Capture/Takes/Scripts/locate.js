// (selector, text, reveal, focus, at, coming) => the first visible match: where it lies in the viewport, where to press it, and what it is. Null when there is none.
// With a point the match is the one found last, if it is still there: a pointer that has arrived asks whether it is on it.
// With coming, where nothing visible matches, so does what is still transparent outside the picture: it appears once it is scrolled to.
// Walks open shadow roots too. Of what says a text, the smallest that can be pressed or typed into counts, then the smallest at all.
((selector, text, reveal, focus, at, coming) => {
  let transparent = false;
  const outside = r => r.bottom <= 0 || r.top >= innerHeight;
  const visible = e => { const r = e.getBoundingClientRect(), c = getComputedStyle(e); return r.width > 1 && r.height > 1 && c.visibility === 'visible' && (+c.opacity > 0.05 || transparent && outside(r)); };
  const roots = [document];
  for (const root of roots) for (const e of root.querySelectorAll('*')) if (e.shadowRoot) roots.push(e.shadowRoot);
  const all = list => roots.flatMap(root => [...root.querySelectorAll(list)]);
  const clean = t => (t || '').replace(/\s+/g, ' ').trim().toLowerCase();
  const labels = e => [e.innerText, e.getAttribute('aria-label'), e.placeholder, e.title, e.alt, e.type === 'submit' || e.type === 'button' ? e.value : '', e.labels && e.labels[0] && e.labels[0].innerText].map(clean);
  const active = 'a[href],button,input,textarea,select,summary,label,[role=button],[role=link],[role=tab],[role=menuitem],[role=option],[role=checkbox],[role=switch],[contenteditable=true],[onclick],[tabindex]';
  const area = e => { const r = e.getBoundingClientRect(); return r.width * r.height; };
  const find = () => {
    if (selector !== null) return all(selector).find(visible);
    const wanted = clean(text), own = e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    const said = all('*').filter(e => (e.matches(active + ',h1,h2,h3,h4,h5,h6,p,li,td,th,img') || own(e)) && visible(e)).map(e => [e, labels(e)]);
    for (const says of [l => l === wanted, l => l.includes(wanted)]) {
      const found = said.filter(([, all]) => all.some(says)).map(([e]) => e).sort((a, b) => area(a) - area(b));
      if (found.length) { const pressed = found.find(e => e.matches(active) && e.tagName !== 'LABEL'); return pressed && area(pressed) < 40 * area(found[0]) ? pressed : found[0].closest('a[href],button,[role=button],label') || found[0]; }
    }
    return null;
  };
  let e;
  const last = globalThis.platformTarget;
  try { e = at && last && last.isConnected && visible(last) ? last : find(); if (!e && coming) { transparent = true; e = find(); } } catch { return { invalid: true }; }
  if (!e) return null;
  globalThis.platformTarget = e;
  if (reveal) e.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' });
  if (focus) e.focus({ preventScroll: true });
  const r = e.getBoundingClientRect(), first = [...e.getClientRects()].find(q => q.width > 1 && q.height > 1) || r;
  const within = (x, y) => { let h = document.elementFromPoint(x, y); while (h && h.shadowRoot) { const inner = h.shadowRoot.elementFromPoint(x, y); if (!inner || inner === h) break; h = inner; } for (; h; h = h.parentNode || h.host) if (h === e) return true; return false; };
  const typed = e.matches('input:not([type=submit]):not([type=button]):not([type=checkbox]):not([type=radio]),textarea,[contenteditable=true]');
  const place = (q, fx, fy) => [q.left + q.width * fx, q.top + q.height * fy];
  const words = [...e.childNodes].find(n => n.nodeType === 3 && n.data.trim()), range = document.createRange();
  if (words) range.selectNodeContents(words);
  const said = words && range.getClientRects()[0], on = (fx, fy) => place(first, fx, fy);
  // A field is pressed near its beginning, where the text will be; anything else on what it says.
  const points = [...(at ? [at] : []), ...(typed ? [on(Math.min(0.5, 60 / first.width), 0.55)] : []), ...(said && !typed ? [place(said, 0.5, 0.6)] : []),
    on(0.5, 0.55), on(0.3, 0.5), on(0.7, 0.5), on(0.5, 0.2), on(0.5, 0.8), on(0.1, 0.5), on(0.9, 0.5)];
  const hit = points.find(([x, y]) => within(x, y)), [x, y] = hit || points[at ? 1 : 0];
  const link = e.closest('a[href],area[href]'), form = e.form || e.closest('form'), button = e.closest('button,input[type=submit],[role=button]');
  const submits = !!form && (button ? (button.type || 'submit') === 'submit' : false);
  return {
    box: { x: r.left, y: r.top, width: r.width, height: r.height }, x, y, hit: !!hit,
    text: (e.innerText || e.getAttribute('aria-label') || e.placeholder || e.title || e.alt || '').replace(/\s+/g, ' ').trim().slice(0, 200),
    names: [...new Set([e, button, link].filter(Boolean).flatMap(labels).concat(submits && form.getAttribute('action') ? [clean(form.getAttribute('action'))] : []))].filter(Boolean).map(l => l.slice(0, 200)),
    leads: link && !/^(javascript:|#)/.test(link.getAttribute('href')) ? link.href : submits ? (button.formAction || form.action) : null,
    secret: e.type === 'password', focused: document.activeElement === e,
  };
})
