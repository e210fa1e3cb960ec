// node editly.mjs PRESET OUTPUT: prints the seconds of the rendering.
import editly from 'editly';

const [preset, outPath] = process.argv.slice(2);
const file = name => new URL(`./public/${name}`, import.meta.url).pathname;
const fontPath = weight => `/usr/share/fonts/opentype/inter/Inter-${weight}.otf`;
const began = performance.now();
await editly({
  outPath, width: 1280, height: 720, fps: 30, audioFilePath: file('music.wav'), keepSourceAudio: false,
  customOutputArgs: ['-c:v', 'libx264', '-preset', preset, '-crf', '18', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-b:a', '192k', '-movflags', '+faststart'],
  clips: [{
    duration: 10, transition: null,
    layers: [
      { type: 'image', path: file('photo.jpg'), zoomDirection: 'in', zoomAmount: 0.2, resizeMode: 'cover' },
      { type: 'slide-in-text', text: "Near the encoder's limit", fontPath: fontPath('ExtraBold'), fontSize: 0.065, color: '#fff', position: { x: 0.06, y: 0.4 }, start: 0.5, stop: 9.6 },
      { type: 'news-title', text: 'Ten seconds, two texts, a logo and music', fontPath: fontPath('Regular'), start: 1.2, stop: 9.6 },
      { type: 'image-overlay', path: file('logo.png'), position: 'top-right', width: 0.125 },
    ],
  }],
});
console.log(((performance.now() - began) / 1000).toFixed(2));
