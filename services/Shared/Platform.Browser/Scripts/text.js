// Lays out blocks of text and arranges their units on sheets to be pictured. Text only ever becomes text nodes; styles are set value by value.
(() => {
  const SHEET_WIDTH = 2048, SHEET_HEIGHT = 4096, GAP = 2;
  const GENERIC = new Set(['serif', 'sans-serif', 'monospace', 'cursive', 'fantasy', 'system-ui', 'ui-serif', 'ui-sans-serif', 'ui-monospace', 'ui-rounded', 'math', 'emoji']);

  const CASE = { 'as-written': 'none', upper: 'uppercase', lower: 'lowercase', capitalize: 'capitalize' };
  const DIRECTION = { auto: 'auto', 'left-to-right': 'ltr', 'right-to-left': 'rtl' };

  const element = (tag, styles) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(styles)) if (value !== null) made.style.setProperty(name, value);
    return made;
  };
  const px = value => value === null || value === undefined ? null : `${value}px`;
  const gradient = ({ angle, stops }) =>
    `linear-gradient(${angle}deg, ${stops.map(stop => stop.at === null ? stop.color : `${stop.color} ${stop.at * 100}%`).join(', ')})`;

  // A shadow of letters that are stroked or filled with a gradient lies behind them as a whole, so it is the element's, not the text's.
  const shadowed = style => style.outline || style.gradient
    ? { filter: style.shadows.map(s => `drop-shadow(${s.x}px ${s.y}px ${s.blur}px ${s.color})`).join(' ') }
    : { 'text-shadow': style.shadows.map(s => `${s.x}px ${s.y}px ${s.blur}px ${s.color}`).join(', ') };

  // The block's own elements: its box, and in it the text, whose content is filled in by the caller.
  const build = (block, withBackground) => {
    const { style } = block, back = style.background;
    const paint = back && withBackground ? { background: back.gradient ? gradient(back.gradient) : back.color, 'border-radius': px(back.radius) } : {};
    const padding = back ? `${back.paddingY}px ${back.paddingX}px` : null;
    const box = element('div', {
      position: 'absolute', 'box-sizing': 'border-box', margin: '0',
      width: px(style.width) ?? 'max-content', 'max-width': style.width === null ? px(style.maxWidth) : null,
      font: `${style.italic ? 'italic' : 'normal'} ${style.weight} ${style.size}px ${style.families.map(name => GENERIC.has(name) ? name : JSON.stringify(name)).join(', ')}`,
      'line-height': `${style.lineHeight}`, 'letter-spacing': px(style.letterSpacing), 'text-align': style.align, 'text-transform': CASE[style.case],
      'text-wrap': style.balanced ? 'balance' : 'wrap', 'white-space-collapse': 'preserve', 'overflow-wrap': 'break-word',
      'font-variant-ligatures': block.unit === 'letter' ? 'none' : null, // a ligature is drawn whole, with its first letter
      '-webkit-font-smoothing': 'antialiased', 'font-synthesis': 'weight style', color: style.color,
      ...(back?.perLine ? {} : { padding, ...paint }),
    });
    box.dir = DIRECTION[style.direction];
    if (style.language) box.lang = style.language;
    let inner = box;
    if (back?.perLine) inner = box.appendChild(element('span', { padding, 'box-decoration-break': 'clone', ...paint }));
    const text = element(back?.perLine ? 'span' : 'div', {
      ...(style.shadows.length ? shadowed(style) : {}),
      // The padding is for what hangs out of the lines: letters are filled only where the background is.
      ...(style.gradient ? { 'background-image': gradient(style.gradient), 'background-clip': 'text', color: 'transparent', padding: '.25em', margin: '-.25em' } : {}),
      ...(style.outline ? { '-webkit-text-stroke': `${style.outline.width * 2}px ${style.outline.color}`, 'paint-order': 'stroke fill' } : {}),
    });
    inner.append(text);
    return { box, text };
  };

  // Spans cut no ligature and no joined letters: Chromium shapes across them where only painting differs.
  const fill = (text, content, shown, plain) => {
    const cuts = [...new Set([0, content.length, ...shown, ...plain.flat()])].sort((a, b) => a - b);
    for (let i = 0; i + 1 < cuts.length; i++) {
      const [from, to] = [cuts[i], cuts[i + 1]];
      const hidden = from < shown[0] || to > shown[1];
      const span = element('span', {
        visibility: hidden ? 'hidden' : null,
        ...(plain.some(([a, b]) => from >= a && to <= b) ? { color: '#000', '-webkit-text-stroke': '0' } : {}),
      });
      span.textContent = content.slice(from, to);
      text.append(span);
    }
  };

  const segments = (content, granularity, language) =>
    [...new Intl.Segmenter(language ?? undefined, { granularity }).segment(content)].map(s => ({ from: s.index, to: s.index + s.segment.length, text: s.segment, word: s.isWordLike }));

  // Words end at spaces; within scripts that have none, where the dictionary says, punctuation staying with the word before it.
  const SPACELESS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
  const OPENING = /[\p{Ps}\p{Pi}]$/u;
  const wordsOf = (content, language) => {
    const words = [];
    let open = false, opening = false;
    for (const s of segments(content, 'word', language)) {
      if (/^\s+$/u.test(s.text)) { open = false; continue; }
      const last = words.at(-1);
      const starts = s.word ? SPACELESS.test(s.text) && !opening : SPACELESS.test(last?.text ?? '') && OPENING.test(s.text);
      if (open && !starts) { last.to = s.to; last.text += s.text; } else words.push({ ...s });
      [open, opening] = [true, OPENING.test(s.text)];
    }
    return words;
  };

  const EMOJI = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F|[0-9#*]\uFE0F?\u20E3/u;

  // Letters with their line and word; a letter that has no place (a line feed) has none here either.
  const lettersOf = (box, text, content, words) => {
    const node = text.firstChild, origin = box.getBoundingClientRect(), letters = [];
    let line = -1, bottom = -Infinity, top = -Infinity, word = 0;
    for (const s of segments(content, 'grapheme')) {
      const range = document.createRange();
      range.setStart(node, s.from);
      range.setEnd(node, s.to);
      const rects = [...range.getClientRects()].filter(r => r.width > 0);
      if (!rects.length || /^\s+$/u.test(s.text)) continue;
      const middle = (rects[0].top + rects[0].bottom) / 2;
      if (middle > bottom || middle < top) { line++; [top, bottom] = [rects[0].top, rects[0].bottom]; }
      while (words[word].to <= s.from) word++;
      letters.push({ ...s, line, word, box: union(rects.map(r => ({ left: r.left - origin.left, top: r.top - origin.top, right: r.right - origin.left, bottom: r.bottom - origin.top }))) });
    }
    return letters;
  };
  const union = boxes => ({
    left: Math.min(...boxes.map(b => b.left)), top: Math.min(...boxes.map(b => b.top)),
    right: Math.max(...boxes.map(b => b.right)), bottom: Math.max(...boxes.map(b => b.bottom)),
  });

  // Consecutive letters with the same key are one unit: a word that is broken over two lines is two.
  const group = (letters, unit) => {
    const key = { line: l => l.line, word: l => `${l.line}/${l.word}`, letter: l => l.from }[unit];
    const units = [];
    letters.forEach((letter, index) => {
      const last = units.at(-1);
      if (last && last.key === key(letter)) { last.to = letter.to; last.boxes.push(letter.box); }
      else units.push({ key: key(letter), from: letter.from, to: letter.to, boxes: [letter.box], line: letter.line, word: unit === 'line' ? null : letter.word, letter: unit === 'letter' ? index : null });
    });
    return units;
  };

  // Beyond their boxes: swashes, marks piled up, the outline, the shadows.
  const margins = ({ size, outline, shadows }) => {
    const ink = outline?.width ?? 0;
    const reach = (pick, sign) => Math.max(0, ...shadows.map(s => sign * pick(s) + s.blur * 1.5));
    return {
      left: size * 0.5 + ink + reach(s => s.x, -1), right: size * 0.5 + ink + reach(s => s.x, 1),
      top: size * 0.8 + ink + reach(s => s.y, -1), bottom: size * 0.8 + ink + reach(s => s.y, 1),
    };
  };

  const place = (sheets, width, height) => {
    let sheet = sheets.at(-1);
    if (sheet && sheet.x + width > SHEET_WIDTH) [sheet.x, sheet.y] = [0, sheet.bottom];
    if (!sheet || sheet.y > 0 && sheet.y + height > SHEET_HEIGHT) {
      sheet = { x: 0, y: 0, bottom: 0, used: 0, root: element('div', { position: 'absolute', inset: '0', display: 'none' }) };
      document.body.append(sheet.root);
      sheets.push(sheet);
    }
    const at = { sheet: sheets.length - 1, x: sheet.x, y: sheet.y };
    sheet.x += width + GAP;
    sheet.used = Math.max(sheet.used, at.x + width);
    sheet.bottom = Math.max(sheet.bottom, at.y + height + GAP);
    return at;
  };

  // Puts one unit on a sheet, everything else of its block there but hidden, so that it stands exactly as in the whole.
  const show = (sheets, block, plain, unit, area, withBackground) => {
    const left = Math.floor(area.left), top = Math.floor(area.top);
    const width = Math.ceil(area.right) - left, height = Math.ceil(area.bottom) - top;
    const at = place(sheets, width, height);
    const frame = element('div', { position: 'absolute', left: px(at.x), top: px(at.y), width: px(width), height: px(height), overflow: 'clip' });
    const { box, text } = build(block, withBackground);
    box.style.left = px(-left);
    box.style.top = px(-top);
    fill(text, block.text, unit ? [unit.from, unit.to] : [0, 0], plain);
    frame.append(box);
    sheets[at.sheet].root.append(frame);
    return { ...at, width, height, left, top, line: unit?.line ?? null, word: unit?.word ?? null, letter: unit?.letter ?? null, text: unit ? block.text.slice(unit.from, unit.to) : '' };
  };

  const layOut = (sheets, block, limits) => {
    const { box, text } = build(block, true);
    text.textContent = block.text;
    document.body.append(box);
    const size = box.getBoundingClientRect(), margin = margins(block.style);
    const letters = block.text ? lettersOf(box, text, block.text, wordsOf(block.text, block.style.language)) : [];
    box.remove();
    const plain = block.style.gradient ? letters.filter(l => EMOJI.test(l.text)).map(l => [l.from, l.to]) : [];
    const around = b => ({ left: b.left - margin.left, top: b.top - margin.top, right: b.right + margin.right, bottom: b.bottom + margin.bottom });
    const whole = around({ left: 0, top: 0, right: size.width, bottom: size.height });
    const back = block.style.background;
    const made = { width: Math.ceil(size.width - 0.1), height: Math.ceil(size.height - 0.1), lines: (letters.at(-1)?.line ?? -1) + 1, pieces: [] };
    if (block.unit === 'block') {
      if (whole.right - whole.left > limits.side || whole.bottom - whole.top > limits.side) return { tooLarge: true };
      made.pieces.push(show(sheets, block, plain, { from: 0, to: block.text.length }, whole, true));
      return made;
    }
    const units = group(letters, block.unit);
    if (units.length > limits.units || units.some(u => u.boxes.some(b => b.right - b.left > limits.side))) return { tooLarge: true };
    if (back) made.pieces.push({ ...show(sheets, block, plain, null, whole, true), background: true });
    for (const unit of units) made.pieces.push(show(sheets, block, plain, unit, around(union(unit.boxes)), false));
    return made;
  };

  return {
    // Which of these are no colours.
    colors: values => values.filter(value => !CSS.supports('color', value)),

    // Takes in a font; false when it is none.
    async font({ family, data, weight, italic }) {
      const bytes = Uint8Array.fromBase64 ? Uint8Array.fromBase64(data) : Uint8Array.from(atob(data), c => c.charCodeAt(0));
      const face = new FontFace(family, bytes, { weight: weight ?? '1 1000', style: italic ? 'italic' : 'normal' });
      try { await face.load(); } catch { return false; }
      document.fonts.add(face);
      return true;
    },

    layOut(blocks, limits) {
      const sheets = [];
      const made = blocks.map(block => layOut(sheets, block, limits));
      this.sheets = sheets;
      return { blocks: made, sheets: sheets.map(sheet => ({ width: sheet.used, height: sheet.bottom })) };
    },

    turnTo(index) {
      this.sheets.forEach((sheet, i) => sheet.root.style.display = i === index ? 'block' : 'none');
    },

    clear() {
      document.body.replaceChildren();
      document.fonts.clear();
      this.sheets = [];
    },
  };
})()
