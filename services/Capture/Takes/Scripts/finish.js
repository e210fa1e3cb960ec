// What is on its way arrives: transitions and animations that have an end are taken to it.
(() => {
  for (const a of document.getAnimations()) {
    const timing = a.effect && a.effect.getComputedTiming();
    if (timing && Number.isFinite(timing.endTime) && a.playState === 'running' && (a.timeline === null || a.timeline === document.timeline)) try { a.finish(); } catch { }
  }
  return true;
})()
