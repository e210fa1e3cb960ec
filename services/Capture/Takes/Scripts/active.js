// What the keyboard's Enter would do: the focused element as locate.js describes its form.
(() => {
  const e = document.activeElement, form = e && (e.form || e.closest && e.closest('form'));
  const clean = t => (t || '').replace(/\s+/g, ' ').trim().toLowerCase().slice(0, 200);
  const send = form && form.querySelector('button[type=submit],input[type=submit],button:not([type])');
  const pressed = e && e.matches && e.matches('button,a[href],input[type=submit],input[type=button],[role=button]') ? e : send;
  return {
    names: pressed ? [pressed.innerText, pressed.getAttribute('aria-label'), pressed.value, pressed.title].map(clean).filter(Boolean) : [],
    leads: e && e.tagName === 'A' ? e.href : form ? form.action : null,
  };
})()
