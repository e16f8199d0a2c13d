// A map with a pin, drawn by Leaflet: the outline of the world that comes with us, or tiles where the
// server names some. A container says where: data-lat, data-long, data-label, data-library, data-world,
// data-in and data-out (the words on the buttons), and perhaps data-tiles and data-attribution.
// Without this script the coordinates stand as text beside it.

const PIN = '<svg viewBox="0 0 28 36" aria-hidden="true"><path fill="currentColor" d="M14 0a14 14 0 0 0-14 14c0 10 14 22 14 22s14-12 14-22a14 14 0 0 0-14-14z"/><circle cx="14" cy="14" r="5.5" fill="#fff"/></svg>';
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
  const ring = (numbers) => numbers.flatMap((number, at) => (number < 0 ? lines[~number].toReversed() : lines[number]).slice(at ? 1 : 0));
  return objects.countries.geometries.flatMap(({ type, arcs: parts }) => (type === "Polygon" ? [parts] : type === "MultiPolygon" ? parts : []).map((part) => part.map(ring)));
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

// Draws the map; returns Leaflet's, and the pin.
export async function draw(container) {
  const { lat, long, label, library, tiles } = container.dataset;
  const L = await once(library, script);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = L.map(container, { minZoom: 1, maxZoom: tiles ? 18 : 6, zoomControl: false, scrollWheelZoom: false, zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still, maxBounds: [[-85, -220], [85, 220]] });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ zoomInTitle: container.dataset.in, zoomOutTitle: container.dataset.out }).addTo(map);
  const place = [Number(lat), Number(long)];
  map.setView(place, tiles ? 6 : 3);
  const icon = L.divIcon({ className: "pin", html: PIN, iconSize: [28, 36], iconAnchor: [14, 36] });
  const pin = L.marker(place, { icon, title: label, keyboard: false, interactive: false }).addTo(map);
  await ground(L, map, container.dataset);
  return { map, pin };
}

for (const container of document.querySelectorAll("[data-map]")) draw(container).catch(() => container.classList.add("failed"));
