// (selectors) => hides them from the document's first moment on. A sheet of our own, so that the page's content policy has no say.
(selectors => {
  const sheet = new CSSStyleSheet();
  for (const s of selectors) try { sheet.insertRule(s + '{display:none!important}'); } catch { }
  sheet.insertRule('html,body{scroll-behavior:auto!important;scroll-snap-type:none!important}');
  sheet.insertRule('::-webkit-scrollbar{display:none!important}');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
})
