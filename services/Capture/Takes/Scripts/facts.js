// What tells a page from a wall in front of it.
(() => {
  const visible = e => { const r = e.getBoundingClientRect(); return r.width > 4 && r.height > 4 && getComputedStyle(e).visibility === 'visible'; };
  const has = list => [...document.querySelectorAll(list)].some(visible);
  return {
    title: document.title.slice(0, 300),
    text: (document.body ? document.body.innerText : '').replace(/\s+/g, ' ').trim().slice(0, 3000),
    challenge: has('#challenge-form,#challenge-running,#challenge-stage,#cf-challenge-running,.cf-turnstile,iframe[src*="challenges.cloudflare.com"],iframe[src*="hcaptcha.com"],iframe[src*="recaptcha/api2/bframe"],#px-captcha,#sec-if-cpt-container'),
    password: has('input[type=password]'),
    elements: document.querySelectorAll('body *').length,
  };
})()
