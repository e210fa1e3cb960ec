// Selectors of what stands in front of the page: consent walls by what they say. Nothing is pressed; they are hidden by style.
(() => {
  const says = /\b(cookies?|consent|gdpr|ccpa|datenschutz|einwillig|privacy (choices|preferences|settings))\b/i, found = [];
  const name = e => {
    if (e.id && !/\d{4,}/.test(e.id)) return '#' + CSS.escape(e.id);
    const classes = [...e.classList].filter(c => !/\d{4,}/.test(c)).slice(0, 4);
    return classes.length ? e.tagName.toLowerCase() + classes.map(c => '.' + CSS.escape(c)).join('') : null;
  };
  for (const e of document.querySelectorAll('body *')) {
    const c = getComputedStyle(e);
    if (!/fixed|sticky/.test(c.position) && e.tagName !== 'DIALOG') continue;
    const r = e.getBoundingClientRect(), t = (e.innerText || '').trim();
    if (r.width < 150 || r.height < 40 || t.length > 3000 || /^(HEADER|NAV)$/.test(e.tagName)) continue;
    if (says.test(t) && e.querySelector('button,a,[role=button],input[type=button]')) { const n = name(e); if (n) found.push(n); }
  }
  return found;
})()
