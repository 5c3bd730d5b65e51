// Makes DOM nodes and writes numbers. User text goes in as textContent only.

const SVG_NAMESPACE = "http://www.w3.org/2000/svg";

const ICON_PATHS = {
  arrow: "M2 8h11M9 4l4 4-4 4",
  equal: "M3 6h10M3 10h10",
  left: "M10 3 5 8l5 5",
  right: "M6 3l5 5-5 5",
  check: "M3 8.5 6.5 12 13 4.5",
  wait: "M8 3v5l3 2M8 14.5A6.5 6.5 0 1 0 8 1.5a6.5 6.5 0 0 0 0 13",
  warn: "M8 2 1.5 13.5h13zM8 6.5v3.2M8 11.6v.3",
  list: "M6 4h8M6 8h8M6 12h8M2.5 4h.5M2.5 8h.5M2.5 12h.5",
  close: "M4 4l8 8M12 4l-8 8",
  pencil: "M3 13l.6-2.8L10.8 3l2.2 2.2-7.2 7.2z",
};

function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") node.textContent = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

function icon(name) {
  const svg = document.createElementNS(SVG_NAMESPACE, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG_NAMESPACE, "path");
  path.setAttribute("d", ICON_PATHS[name]);
  svg.append(path);
  return svg;
}

// Writing the same text again would make screen readers repeat it and costs layout.
function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function setIcon(holder, name) {
  if (holder.dataset.icon === name) return;
  holder.dataset.icon = name;
  holder.replaceChildren(icon(name));
}

function count(number) {
  return number.toLocaleString("en-US");
}

function percent(share) {
  if (share === null || share === undefined) return "";
  if (share < 0.005) return "< 1\u00a0%";
  if (share > 0.995) return "> 99\u00a0%";
  return `${Math.round(share * 100)}\u00a0%`;
}

function plural(number, one, many) {
  return `${count(number)} ${number === 1 ? one : many}`;
}
