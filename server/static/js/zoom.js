// A closer look at the picture, by OpenSeadragon, which is fetched when first asked for.
// Without it (or without this script) the link shows the picture file itself.

let library;

// OpenSeadragon adds a style sheet to the page unless it finds one that is marked as its own. The
// page's policy refuses such sheets, so it finds the mark, on an element that is no style sheet.
function forestall() {
  const mark = document.createElementNS("urn:x-mark", "style");
  mark.setAttribute("data-openseadragon-mobile-css", "");
  document.head.append(mark);
}

function load(address) {
  library ??= new Promise((resolve, reject) => {
    forestall();
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(window.OpenSeadragon);
    script.onerror = reject;
    document.head.append(script);
  });
  return library;
}

function button(text, label, action) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn";
  made.textContent = text;
  made.setAttribute("aria-label", label);
  made.addEventListener("click", action);
  return made;
}

async function open(frame, link) {
  const { zoom, library: address } = frame.dataset;
  const OpenSeadragon = await load(address);
  const room = document.createElement("div");
  room.className = "zoom";
  const view = document.createElement("div");
  view.className = "view";
  const tools = document.createElement("div");
  tools.className = "zoom-tools";
  room.append(view, tools);
  frame.append(room);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const viewer = OpenSeadragon({
    element: view,
    tileSources: { type: "image", url: zoom, buildPyramid: false },
    showNavigationControl: false,
    drawer: ["canvas", "html"],
    animationTime: still ? 0 : 0.3,
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
    minZoomImageRatio: 0.8,
    maxZoomPixelRatio: 4,
    visibilityRatio: 0.6,
  });
  const close = () => {
    viewer.destroy();
    room.remove();
    link.focus();
  };
  const by = (factor) => () => viewer.viewport.zoomBy(factor).applyConstraints();
  tools.append(button("+", frame.dataset.in, by(1.5)), button("−", frame.dataset.out, by(1 / 1.5)), button("✕", frame.dataset.close, close));
  viewer.addHandler("open-failed", close);
  room.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" && event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    event.stopPropagation();
    close();
  });
  viewer.addOnceHandler("open", () => viewer.canvas.focus());
}

for (const frame of document.querySelectorAll("[data-zoom]")) {
  const link = frame.querySelector(".zoom-open");
  link.setAttribute("role", "button");
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!frame.querySelector(".zoom")) open(frame, link).catch(() => location.assign(link.href));
  });
}
