// What the reviewer chose: size and width of the text, colours, tints, blind review. Keys are in keyboard.js.

function applyPreferences(nodes, chosen) {
  const { style, dataset } = nodes.root;
  style.setProperty("--text-size", `${chosen.text_size}px`);
  style.setProperty("--line-width", `${chosen.line_width}em`);
  dataset.palette = chosen.palette;
  PREFERENCES.blind = chosen.blind;
  PREFERENCES.textSize = chosen.text_size;
  PREFERENCES.lineWidth = chosen.line_width;
  dataset.blind = chosen.blind ? "on" : "off";
  // The switch on the card holds until another choice is made here.
  if (dataset.tints && PREFERENCES.tints === chosen.show_tints) return;
  PREFERENCES.tints = chosen.show_tints;
  showTints(nodes, chosen.show_tints);
}

function showTints(nodes, isOn) {
  nodes.root.dataset.tints = isOn ? "on" : "off";
  nodes.tintButton.setAttribute("aria-pressed", String(isOn));
}

function toggleTints(nodes) {
  const isOn = nodes.root.dataset.tints === "off";
  showTints(nodes, isOn);
  return isOn ? "Words tinted" : "Words not tinted";
}
