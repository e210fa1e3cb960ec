// node puppeteer.mjs PAGE FRAMES FPS WIDTH HEIGHT OUTPUT: screenshots as fast as they come, into ffmpeg; prints the seconds without the browser's start.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import puppeteer from 'puppeteer-core';

const [url, frames, fps, width, height, output] = process.argv.slice(2);
const executablePath = ['/usr/lib/chromium/chromium-headless-shell', '/usr/bin/chromium-headless-shell'].find(existsSync);
const browser = await puppeteer.launch({ executablePath, headless: 'shell', args: process.getuid() === 0 ? ['--no-sandbox'] : [] });
try {
  const page = await browser.newPage();
  await page.setViewport({ width: +width, height: +height });
  await page.goto(url);
  const began = performance.now();
  const ffmpeg = spawn('ffmpeg', ['-v', 'error', '-y', '-f', 'image2pipe', '-framerate', fps, '-c:v', 'mjpeg', '-i', '-', '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '12', '-pix_fmt', 'yuv420p', output], { stdio: ['pipe', 'inherit', 'inherit'] });
  for (let frame = 0; frame < +frames; frame++)
    if (!ffmpeg.stdin.write(await page.screenshot({ type: 'jpeg', quality: 90, optimizeForSpeed: true }))) await once(ffmpeg.stdin, 'drain');
  ffmpeg.stdin.end();
  const [code] = await once(ffmpeg, 'exit');
  if (code) throw new Error(`ffmpeg ended with ${code}`);
  console.log(((performance.now() - began) / 1000).toFixed(2));
} finally {
  await browser.close();
}
