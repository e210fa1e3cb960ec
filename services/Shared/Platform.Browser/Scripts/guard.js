// Runs first in every frame: takes away what could leave past the proxy, or open something beside the page.
(() => {
  for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection', 'RTCIceTransport', 'WebTransport', 'showOpenFilePicker', 'showSaveFilePicker', 'showDirectoryPicker'])
    delete globalThis[name];
  globalThis.open = () => null;
  globalThis.print = globalThis.alert = () => { };
  globalThis.confirm = () => false;
  globalThis.prompt = () => null;
})();
