// What is to be read on the screen: text nodes that lie in the viewport and are visible, as strings. Of an endless document the first nodes.
(() => {
  const texts = [], range = document.createRange(), nodes = document.createTreeWalker(document.body ?? document, NodeFilter.SHOW_TEXT);
  for (let node, left = 5000; left > 0 && (node = nodes.nextNode()); left--) {
    const text = node.data.trim();
    if (!text || !node.parentElement?.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (box.width && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth) texts.push(text.slice(0, 400));
  }
  return texts;
})()
