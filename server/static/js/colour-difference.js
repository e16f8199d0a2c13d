// Colours as people see them: sRGB to CIELAB (D65), and ΔE2000, as server/domain/colours.py has it.
// Sharma, Wu, Dalal (2005), The CIEDE2000 color-difference formula, equations 2 to 22.

const XYZ = [
  [0.4124564, 0.3575761, 0.1804375],
  [0.2126729, 0.7151522, 0.072175],
  [0.0193339, 0.119192, 0.9503041],
];
const WHITE = [0.95047, 1, 1.08883];
const FAR = 25 ** 7;
const radians = (degrees) => (degrees * Math.PI) / 180;
const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
const bent = (part) => (part > 216 / 24389 ? Math.cbrt(part) : ((24389 / 27) * part + 16) / 116);

export const isHex = (text) => /^#[0-9a-f]{6}$/i.test(text);

export function hex(red, green, blue) {
  return `#${[red, green, blue].map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
}

// [lightness, a, b] of #rrggbb.
export function lab(text) {
  const parts = [1, 3, 5].map((place) => linear(Number.parseInt(text.slice(place, place + 2), 16) / 255));
  const [x, y, z] = XYZ.map((row, axis) => bent(row.reduce((sum, weight, place) => sum + weight * parts[place], 0) / WHITE[axis]));
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function polar([, a, b], stretch) {
  return [Math.hypot(a * stretch, b), (((Math.atan2(b, a * stretch) * 180) / Math.PI) + 360) % 360];
}

function turned(degrees) {
  if (degrees > 180) return degrees - 360;
  return degrees < -180 ? degrees + 360 : degrees;
}

function between(one, other) {
  const total = one + other;
  if (Math.abs(one - other) <= 180) return total / 2;
  return total < 360 ? (total + 360) / 2 : (total - 360) / 2;
}

function weight(hue) {
  const waves = [[-0.17, 1, -30], [0.24, 2, 0], [0.32, 3, 6], [-0.2, 4, -63]];
  return 1 + waves.reduce((sum, [size, times, shift]) => sum + size * Math.cos(radians(times * hue + shift)), 0);
}

export function difference(one, other) {
  const mean = (Math.hypot(one[1], one[2]) + Math.hypot(other[1], other[2])) / 2;
  const stretch = 1.5 - 0.5 * Math.sqrt(mean ** 7 / (mean ** 7 + FAR));
  const [chroma1, hue1] = polar(one, stretch);
  const [chroma2, hue2] = polar(other, stretch);
  const grey = chroma1 * chroma2 === 0;
  const hue = grey ? hue1 + hue2 : between(hue1, hue2);
  const chroma = (chroma1 + chroma2) / 2;
  const light = ((one[0] + other[0]) / 2 - 50) ** 2;
  const byLight = (other[0] - one[0]) / (1 + (0.015 * light) / Math.sqrt(20 + light));
  const byChroma = (chroma2 - chroma1) / (1 + 0.045 * chroma);
  const across = 2 * Math.sqrt(chroma1 * chroma2) * Math.sin(radians((grey ? 0 : turned(hue2 - hue1)) / 2));
  const byHue = across / (1 + 0.015 * chroma * weight(hue));
  const rotation = -2 * Math.sqrt(chroma ** 7 / (chroma ** 7 + FAR)) * Math.sin(radians(60 * Math.exp(-(((hue - 275) / 25) ** 2))));
  return Math.sqrt(Math.max(0, byLight ** 2 + byChroma ** 2 + byHue ** 2 + rotation * byChroma * byHue));
}

// [place in the palette, difference] of the colour that is nearest.
export function nearest(text, palette) {
  const wanted = lab(text);
  const distances = palette.map((each) => difference(wanted, lab(each)));
  const least = Math.min(...distances);
  return [distances.indexOf(least), least];
}
