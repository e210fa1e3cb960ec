// node timecut.mjs PAGE FRAMES FPS WIDTH HEIGHT OUTPUT: scripts' time replaced by its own (styles' animations go on in real time), a screenshot per frame, into ffmpeg; prints the seconds.
import { existsSync } from 'node:fs';
import timecut from 'timecut';

const [url, frames, fps, width, height, output] = process.argv.slice(2);
const executablePath = ['/usr/lib/chromium/chromium-headless-shell', '/usr/bin/chromium-headless-shell'].find(existsSync);
let began;
await timecut({
  url, output, executablePath, launchArguments: process.getuid() === 0 ? ['--no-sandbox'] : [], fps: +fps, frames: +frames, viewport: { width: +width, height: +height }, pipeMode: true, screenshotType: 'jpeg',
  screenshotQuality: 0.9, outputOptions: ['-preset', 'ultrafast', '-crf', '12'], logToStdErr: true, quiet: true, preparePage: () => { began = performance.now(); },
});
console.log(((performance.now() - began) / 1000).toFixed(2));
