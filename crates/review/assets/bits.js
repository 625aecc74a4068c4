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

/** The boundary between set and clear pixels, as straight runs along pixel edges. Both kinds of edges are found row by
 *  row, since a large mask is redrawn with every move of the brush. */
export function contour(bits, width, height) {
  const path = new Path2D();
  const run = (x, y, toX, toY) => {
    path.moveTo(x, y);
    path.lineTo(toX, toY);
  };
  const clear = new Uint8Array(width);
  let above = clear;
  /** Row in which the vertical run left of each column began, -1 where there is none. */
  const began = new Int32Array(width + 1).fill(-1);
  for (let y = 0; y <= height; y += 1) {
    const row = y < height ? bits.subarray(y * width, (y + 1) * width) : clear;
    for (let x = 0; x < width; x += 1) {
      if (row[x] === above[x]) continue;
      const start = x;
      while (x < width && row[x] !== above[x]) x += 1;
      run(start, y, x, y);
    }
    let left = 0;
    for (let x = 0; x <= width; x += 1) {
      const bit = x < width ? row[x] : 0;
      const isEdge = bit !== left;
      left = bit;
      if (isEdge === began[x] >= 0) continue;
      if (!isEdge) run(x, began[x], x, y);
      began[x] = isEdge ? y : -1;
    }
    above = row;
  }
  return path;
}
