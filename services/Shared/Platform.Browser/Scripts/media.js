// Videos in the page's time: they never play by themselves. Each frame sets where every playing one is, and is drawn once it is there.
(() => {
  const media = HTMLMediaElement.prototype, own = name => Object.getOwnPropertyDescriptor(media, name);
  const { play, pause } = media, paused = own('paused').get, time = own('currentTime');
  const playing = new Set(), seeking = new Set(), notify = globalThis.platformMedia;
  delete globalThis.platformMedia;
  const tell = (e, ...types) => { for (const type of types) e.dispatchEvent(new Event(type)); };
  const begin = e => {
    if (playing.has(e)) return;
    if (e.ended || time.get.call(e) >= e.duration) time.set.call(e, 0);
    playing.add(e);
    if (notify) notify('');
    queueMicrotask(() => tell(e, 'play', 'playing'));
  };
  media.play = function () { this.autoplay = false; begin(this); return Promise.resolve(); };
  media.pause = function () { this.autoplay = false; if (playing.delete(this)) queueMicrotask(() => tell(this, 'timeupdate', 'pause')); };
  Object.defineProperty(media, 'paused', { ...own('paused'), get() { return !playing.has(this); } });
  // What the browser starts itself, by attribute, is stopped and taken over; its event has been told by then.
  addEventListener('play', e => { if (e.target instanceof HTMLMediaElement && !paused.call(e.target)) { pause.call(e.target); e.target.autoplay = false; playing.add(e.target); if (notify) notify(''); } }, true);
  addEventListener('pause', e => { if (e.isTrusted && playing.has(e.target)) e.stopImmediatePropagation(); }, true);

  // (seconds) => how many are still on their way. With 0: only asks.
  const advance = seconds => {
    if (seconds > 0) for (const e of playing) {
      if (e.readyState < 2 || !(e.duration > 0)) continue;
      let to = time.get.call(e) + seconds * e.playbackRate;
      if (to >= e.duration) {
        if (e.loop) to %= e.duration;
        else { to = e.duration; playing.delete(e); e.addEventListener('seeked', () => tell(e, 'timeupdate', 'pause', 'ended'), { once: true }); }
      }
      if (e.tagName === 'VIDEO') {
        seeking.add(e);
        e.addEventListener('seeked', () => seeking.delete(e), { once: true });
      }
      time.set.call(e, to);
    }
    for (const e of seeking) if (!e.isConnected && e.tagName === 'VIDEO' && !e.seeking) seeking.delete(e);
    let inner = 0;
    for (let i = 0; i < frames.length; i++) try { const f = frames[i][Symbol.for('platform.media')]; if (f) inner += f(seconds); } catch { }
    return seeking.size + inner;
  };
  Object.defineProperty(globalThis, Symbol.for('platform.media'), { value: advance });
})();
