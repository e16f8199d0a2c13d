// An answer in the page: its tabs switch between ways to look at it, its map is drawn when it is seen,
// its table is sorted by a press on a column's name. Without this script the tabs are links.

const MOST_PINS = 60; // with more than these, points are small

export function enhance(root, chosen = () => {}) {
  tabs(root, chosen);
  for (const table of root.querySelectorAll(".results table")) sortable(table);
  draw(root);
}

function tabs(root, chosen) {
  for (const tab of root.querySelectorAll("[data-view]")) {
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      show(root, tab.dataset.view);
      chosen(tab.dataset.view);
    });
  }
}

function show(root, view) {
  for (const tab of root.querySelectorAll("[data-view]")) {
    if (tab.dataset.view === view) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
  for (const panel of root.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== view;
  draw(root);
}

// Numbers by size, everything else as people sort it; a second press turns the order.
function sortable(table) {
  const order = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
  for (const [column, head] of [...table.tHead.rows[0].cells].entries()) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const text = (row) => row.cells[column].textContent.trim();
      const rows = [...table.tBodies[0].rows].sort((one, two) => order(text(one), text(two)));
      table.tBodies[0].append(...(down ? rows.reverse() : rows));
    });
  }
}

async function draw(root) {
  const frame = root.querySelector("[data-panel=map]:not([hidden]) [data-spots]:not([data-drawn])");
  if (!frame) return;
  frame.dataset.drawn = "";
  const address = document.querySelector("[data-map-script]").dataset.mapScript;
  try {
    // By the address that the page may have loaded it from, so that there is one of it.
    const tools = await import(address);
    const { L, map } = await tools.open(frame, [25, 10], 1, { maxZoom: "tiles" in frame.dataset ? 18 : 12 });
    const lines = [...frame.parentElement.querySelectorAll(".spots li")];
    const shapes = lines.map((line) => shape(L, tools, line, lines.length).bindPopup(words(line)).addTo(map));
    const bounds = L.featureGroup(shapes).getBounds();
    if (bounds.isValid()) map.fitBounds(bounds, { padding: [30, 40], maxZoom: 6, animate: false });
  } catch {
    frame.classList.add("failed");
  }
}

function shape(L, tools, line, many) {
  const corners = JSON.parse(line.dataset.corners);
  if (line.dataset.kind === "area") return L.polygon(corners.length > 1 ? corners.map((part) => [part]) : corners, { className: "spot-area" });
  if (line.dataset.kind === "line") return L.polyline(corners, { className: "spot-area" });
  const [at] = corners[0];
  if (many > MOST_PINS) return L.circleMarker(at, { radius: 5, className: "spot" });
  return L.marker(at, { icon: tools.icon(L), title: line.textContent.trim() });
}

// The line of the list, which our server has made, and made harmless.
function words(line) {
  const made = document.createElement("div");
  made.append(...[...line.childNodes].map((part) => part.cloneNode(true)));
  return made;
}

const framed = document.querySelector("body.embedded #results");
if (framed) enhance(framed);
