// Whether the page is light or dark: Streamlit's own variables follow the toggle at once; the server hears of it later.

function followTheme(root) {
  const ground = getComputedStyle(root).getPropertyValue("--st-background-color").trim();
  root.dataset.theme = isDark(ground) ? "dark" : "light";
}

function isDark(color) {
  const [red, green, blue] = parseColor(color);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 110;
}

function parseColor(color) {
  const hex = /^#([0-9a-f]{3,8})$/i.exec(color)?.[1];
  if (!hex) return (color.match(/\d+(\.\d+)?/g) ?? [255, 255, 255]).slice(0, 3).map(Number);
  const full = hex.length < 6 ? Array.from(hex, (digit) => digit + digit).join("") : hex;
  return [0, 2, 4].map((place) => parseInt(full.slice(place, place + 2), 16));
}
