// Maps, drawn by Leaflet: the outline of the world that comes with us, or tiles where the server names
// some. A container says of itself: data-library, data-style and data-world (addresses of ours), data-in
// and data-out (the words on the buttons), perhaps data-tiles and data-attribution. One with data-map gets
// a pin where data-lat, data-long and data-label say; with data-still it is a picture of where that is,
// drawn when it comes into view. Without this script the coordinates stand as text beside it.

const PIN = '<path fill="currentColor" d="M14 0a14 14 0 0 0-14 14c0 10 14 22 14 22s14-12 14-22a14 14 0 0 0-14-14z"/>';
const loaded = new Map();

function once(address, load) {
  if (!loaded.has(address)) loaded.set(address, load(address));
  return loaded.get(address);
}

function script(address) {
  return new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = address;
    element.onload = () => resolve(window.L);
    element.onerror = reject;
    document.head.append(element);
  });
}

// Ours come after it, so that they prevail.
function style(address) {
  return new Promise((resolve) => {
    const element = document.createElement("link");
    element.rel = "stylesheet";
    element.href = address;
    element.onload = element.onerror = resolve;
    document.head.querySelector("link[rel=stylesheet]").before(element);
  });
}

async function outlines(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(answer.status);
  return polygons(await answer.json());
}

// TopoJSON 1.0: arcs are steps on a grid from their first point; a ring is arcs one after the other,
// a negative number meaning the arc ~number backwards. Returns rings of [latitude, longitude].
function polygons({ arcs, transform: { scale, translate }, objects }) {
  const lines = arcs.map((arc) => {
    let x = 0;
    let y = 0;
    return arc.map(([dx, dy]) => [(y += dy) * scale[1] + translate[1], (x += dx) * scale[0] + translate[0]]);
  });
  const ring = (numbers) => onwards(numbers.flatMap((number, at) => (number < 0 ? lines[~number].toReversed() : lines[number]).slice(at ? 1 : 0)));
  return objects.countries.geometries.flatMap(({ type, arcs: parts }) => (type === "Polygon" ? [parts] : type === "MultiPolygon" ? parts : []).map((part) => part.map(ring))).flatMap(onBothSides);
}

// What crosses the 180th meridian goes on beyond it, and does not come back across the whole world;
// but for the South Pole, along which the outline of Antarctica closes.
function onwards(points) {
  let turn = 0;
  return points.map(([lat, long], at) => {
    const step = at && lat > -85 ? long - points[at - 1][1] : 0;
    if (Math.abs(step) > 180) turn -= 360 * Math.sign(step);
    return [lat, long + turn];
  });
}

function onBothSides(part) {
  const longs = part.flat().map(([, long]) => long);
  const turn = Math.max(...longs) > 180 ? -360 : Math.min(...longs) < -180 ? 360 : 0;
  return turn ? [part, part.map((ring) => ring.map(([lat, long]) => [lat, long + turn]))] : [part];
}

function ground(L, map, { tiles, attribution, world }) {
  if (tiles) return L.tileLayer(tiles, { attribution: escape(attribution ?? ""), maxZoom: 18 }).addTo(map);
  return once(world, outlines).then((shapes) => L.polygon(shapes, { className: "land", interactive: false, smoothFactor: 0.5 }).addTo(map));
}

function escape(text) {
  const element = document.createElement("span");
  element.textContent = text;
  return element.innerHTML;
}

// A pin; with a number in it where one is given.
export function icon(L, number = 0) {
  const mark = number ? `<text x="14" y="19" text-anchor="middle" fill="#fff">${Number(number)}</text>` : '<circle cx="14" cy="14" r="5.5" fill="#fff"/>';
  return L.divIcon({ className: number ? "pin numbered" : "pin", html: `<svg viewBox="0 0 28 36" aria-hidden="true">${PIN}${mark}</svg>`, iconSize: [28, 36], iconAnchor: [14, 36] });
}

// An empty map of a part of the world; returns Leaflet and its map.
export async function open(container, centre, zoom, options = {}) {
  const { library, style: sheet, tiles } = container.dataset;
  const [L] = await Promise.all([once(library, script), sheet && once(sheet, style)]);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(container, { minZoom: 1, maxZoom: tiles ? 18 : 6, zoomControl: false, scrollWheelZoom: false, zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still, maxBounds: [[-85, -220], [85, 220]], ...options });
  map.attributionControl.setPrefix(false);
  if (!("still" in container.dataset)) L.control.zoom({ zoomInTitle: container.dataset.in, zoomOutTitle: container.dataset.out }).addTo(map);
  map.setView(centre, zoom);
  await ground(L, map, container.dataset);
  return { L, map };
}

const STILL = { dragging: false, keyboard: false, doubleClickZoom: false, boxZoom: false, touchZoom: false };

// Draws the map; returns Leaflet's, and the pin.
export async function draw(container) {
  const { lat, long, label, tiles } = container.dataset;
  const still = "still" in container.dataset;
  const place = [Number(lat), Number(long)];
  const { L, map } = await open(container, place, tiles ? (still ? 5 : 6) : still ? 2 : 3, still ? STILL : {});
  const pin = L.marker(place, { icon: icon(L), title: label, keyboard: false, interactive: false }).addTo(map);
  const metres = Number(container.dataset.accuracy ?? 0);
  if (metres) L.circle(place, { radius: metres, className: "around", interactive: false }).addTo(map);
  return { map, pin };
}

// Calls back once, when something is (nearly) in view.
export function whenSeen(element, then) {
  const watching = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    watching.disconnect();
    then();
  }, { rootMargin: "200px" });
  watching.observe(element);
}

function start(root) {
  for (const container of root.querySelectorAll("[data-map]:not([data-drawn])")) {
    container.dataset.drawn = "";
    const now = () => draw(container).catch(() => container.classList.add("failed"));
    if ("still" in container.dataset) whenSeen(container, now);
    else now();
  }
}

start(document);
document.addEventListener("htmx:load", (event) => start(event.target.parentElement ?? document));
