import React from 'react';
import { AbsoluteFill, Audio, Composition, Img, interpolate, registerRoot, staticFile, useCurrentFrame } from 'remotion';

const clamped = { extrapolateLeft: 'clamp', extrapolateRight: 'clamp' };

const Film = () => {
  const frame = useCurrentFrame();
  const zoom = interpolate(frame, [0, 299], [1, 1.2]);
  const [title, subtitle] = [15, 36].map(start => interpolate(frame, [start, start + 18], [0, 1], clamped));
  const gone = interpolate(frame, [270, 288], [1, 0], clamped);
  const text = { position: 'absolute', left: 80, fontFamily: 'Inter', color: '#fff' };
  return (
    <AbsoluteFill style={{ background: '#000' }}>
      <Img src={staticFile('photo.jpg')} style={{ width: '100%', height: '100%', objectFit: 'cover', transform: `scale(${zoom})` }} />
      <div style={{ ...text, top: 240, fontWeight: 800, fontSize: 84, opacity: title * gone, transform: `translateY(${(1 - title) * 60}px)` }}>Near the encoder's limit</div>
      <div style={{ ...text, top: 360, fontWeight: 400, fontSize: 36, opacity: subtitle * gone, transform: `translateX(${(subtitle - 1) * 60}px)` }}>Ten seconds, two texts, a logo and music</div>
      <Img src={staticFile('logo.png')} style={{ position: 'absolute', right: 40, top: 40, width: 160, height: 60 }} />
      <Audio src={staticFile('music.wav')} />
    </AbsoluteFill>
  );
};

registerRoot(() => <Composition id="film" component={Film} durationInFrames={300} fps={30} width={1280} height={720} />);
