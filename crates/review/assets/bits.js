// Masks as arrays of 0 and 1, row by row.

/** Grey values as a mask, set from half the maximum on. */
export const fromGrey = (grey) => grey.map((value) => (value >= 128 ? 1 : 0));

/** One bit per pixel, the first in the highest bit, as base64. */
export function toBase64(bits) {
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  bits.forEach((bit, pixel) => {
    if (bit) bytes[pixel >> 3] |= 128 >> (pixel & 7);
  });
  const block = 1 << 15;
  let text = "";
  for (let start = 0; start < bytes.length; start += block) {
    text += String.fromCharCode(...bytes.subarray(start, start + block));
  }
  return btoa(text);
}

/** The reverse of toBase64. */
export function fromBase64(text, length) {
  const bytes = atob(text);
  const bits = new Uint8Array(length);
  for (let pixel = 0; pixel < length; pixel += 1) {
    bits[pixel] = (bytes.charCodeAt(pixel >> 3) >> (7 - (pixel & 7))) & 1;
  }
  return bits;
}

/** The boundary between set and clear pixels, as straight runs along pixel edges. */
export function contour(bits, width, height) {
  const path = new Path2D();
  const at = (x, y) => (x < 0 || y < 0 || x >= width || y >= height ? 0 : bits[y * width + x]);
  for (let y = 0; y <= height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (at(x, y) === at(x, y - 1)) continue;
      const start = x;
      while (x < width && at(x, y) !== at(x, y - 1)) x += 1;
      path.moveTo(start, y);
      path.lineTo(x, y);
    }
  }
  for (let x = 0; x <= width; x += 1) {
    for (let y = 0; y < height; y += 1) {
      if (at(x, y) === at(x - 1, y)) continue;
      const start = y;
      while (y < height && at(x, y) !== at(x - 1, y)) y += 1;
      path.moveTo(x, start);
      path.lineTo(x, y);
    }
  }
  return path;
}
