// node remotion.mjs PRESET OUTPUT: prints the seconds of the rendering itself, without the bundling that is done once.
import { existsSync } from 'node:fs';
import { bundle } from '@remotion/bundler';
import { renderMedia, selectComposition } from '@remotion/renderer';

const [preset, outputLocation] = process.argv.slice(2);
const browserExecutable = ['/usr/lib/chromium/chromium-headless-shell', '/usr/bin/chromium-headless-shell'].find(existsSync);
const serveUrl = await bundle({ entryPoint: new URL('./composition.jsx', import.meta.url).pathname });
const composition = await selectComposition({ serveUrl, id: 'film', browserExecutable, logLevel: 'error' });
const began = performance.now();
await renderMedia({
  composition, serveUrl, browserExecutable, outputLocation, codec: 'h264', x264Preset: preset, crf: 18, pixelFormat: 'yuv420p', jpegQuality: 90, audioBitrate: '192k', concurrency: '100%', logLevel: 'error',
});
console.log(((performance.now() - began) / 1000).toFixed(2));
