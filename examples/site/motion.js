'use strict';

// The sea: layered waves that follow the clock, so that any moment can be drawn again.
const canvas = document.getElementById('sea');
const sea = canvas.getContext('2d');

const layers = [
  { level: 0.62, height: 20, length: 520, speed: 34, color: '#0d5565' },
  { level: 0.71, height: 26, length: 680, speed: -26, color: '#0c6a74' },
  { level: 0.80, height: 22, length: 460, speed: 48, color: '#0e8185' },
  { level: 0.89, height: 18, length: 600, speed: -40, color: '#13989a' },
];

function fit() {
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(canvas.clientWidth * scale);
  canvas.height = Math.round(canvas.clientHeight * scale);
  sea.setTransform(scale, 0, 0, scale, 0, 0);
}

function drawSea(seconds) {
  const width = canvas.clientWidth, height = canvas.clientHeight;
  const sky = sea.createLinearGradient(0, 0, 0, height);
  sky.addColorStop(0, '#062836');
  sky.addColorStop(0.55, '#0b4a5c');
  sky.addColorStop(1, '#0f8b8d');
  sea.fillStyle = sky;
  sea.fillRect(0, 0, width, height);

  const wide = width > 900, size = wide ? 82 : 44;
  const sunX = width * (wide ? 0.76 : 0.8), sunY = height * (wide ? 0.3 : 0.62) + Math.sin(seconds * 0.4) * 8;
  for (const [radius, alpha] of [[size * 3, 0.05], [size * 2.2, 0.07], [size * 1.5, 0.1]]) {
    sea.fillStyle = `rgba(255, 206, 130, ${alpha})`;
    sea.beginPath();
    sea.arc(sunX, sunY, radius + Math.sin(seconds * 1.1 + radius) * 5, 0, 2 * Math.PI);
    sea.fill();
  }
  sea.fillStyle = '#ffc978';
  sea.beginPath();
  sea.arc(sunX, sunY, size, 0, 2 * Math.PI);
  sea.fill();

  for (const layer of layers) {
    sea.beginPath();
    sea.moveTo(0, height);
    for (let x = 0; x <= width + 8; x += 8) {
      const at = (x + layer.speed * seconds) / layer.length * 2 * Math.PI;
      sea.lineTo(x, height * layer.level + Math.sin(at) * layer.height + Math.sin(at * 2.3 + 1) * layer.height * 0.3);
    }
    sea.lineTo(width, height);
    sea.fillStyle = layer.color;
    sea.globalAlpha = 0.8;
    sea.fill();
  }
  sea.globalAlpha = 1;
}

// The meter: a curve that moves on, and the number at its end.
const line = document.getElementById('live-line'), area = document.getElementById('live-area'), live = document.querySelector('[data-live]');

function power(seconds) {
  return 2.4 + 0.5 * Math.sin(seconds * 0.9) + 0.22 * Math.sin(seconds * 2.1 + 2);
}

function drawMeter(seconds) {
  let path = '';
  for (let x = 0; x <= 240; x += 6) {
    const y = 66 - (power(seconds - (240 - x) / 40) - 1.6) * 40;
    path += (x ? 'L' : 'M') + x + ' ' + y.toFixed(2);
  }
  line.setAttribute('d', path);
  area.setAttribute('d', path + 'L240 72L0 72Z');
  live.textContent = power(seconds).toFixed(2);
}

// The year: twelve bars and a line through them.
const bars = document.getElementById('bars'), trend = document.getElementById('trend'), months = document.getElementById('months');
const year = [330, 352, 390, 372, 341, 336, 338, 361, 402, 395, 358, 325];
const svg = (name, attributes, text) => {
  const node = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const key in attributes) node.setAttribute(key, attributes[key]);
  if (text) node.textContent = text;
  return node;
};

year.forEach((value, month) => {
  bars.append(svg('rect', { x: month * 90 + 17, width: 56, rx: 8, y: 270, height: 0 }));
  months.append(svg('text', { x: month * 90 + 45, y: 295 }, 'JFMAMJJASOND'[month]));
});

function drawYear(share) {
  let path = '';
  year.forEach((value, month) => {
    const grown = ease(Math.min(1, Math.max(0, share * 2 - month / 12)));
    const height = (value - 200) * grown;
    bars.children[month].setAttribute('y', 270 - height);
    bars.children[month].setAttribute('height', height);
    path += (month ? 'L' : 'M') + (month * 90 + 45) + ' ' + (270 - (value - 182) * grown);
  });
  trend.setAttribute('d', path);
}

const ease = t => 1 - (1 - t) ** 3;

// What rises, counts and grows begins when it is first seen.
const running = new Map();
const counting = 1.6, growing = 2.4;

function drawCount(node, share) {
  const value = node.dataset.count * ease(share), decimals = Number(node.dataset.decimals || 0);
  node.textContent = value.toLocaleString('en', { minimumFractionDigits: decimals, maximumFractionDigits: decimals }) + node.dataset.suffix;
}

const watcher = new IntersectionObserver(entries => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    watcher.unobserve(entry.target);
    entry.target.classList.add('seen');
    for (const node of entry.target.querySelectorAll('[data-count]')) running.set(node, null);
    if (entry.target.classList.contains('chart')) running.set(trend, null);
  }
}, { threshold: 0.2 });

for (const group of document.querySelectorAll('section')) {
  [...group.querySelectorAll('.rise')].forEach((node, n) => {
    node.style.setProperty('--n', n % 4);
    watcher.observe(node);
  });
}

function frame(now) {
  const seconds = now / 1000;
  drawSea(seconds);
  drawMeter(seconds);
  for (const [node, began] of running) {
    if (began === null) running.set(node, seconds);
    const share = Math.min(1, (seconds - (began ?? seconds)) / (node === trend ? growing : counting));
    if (node === trend) drawYear(share); else drawCount(node, share);
    if (share === 1) running.delete(node);
  }
  requestAnimationFrame(frame);
}

fit();
addEventListener('resize', fit);
drawYear(0);
requestAnimationFrame(frame);
