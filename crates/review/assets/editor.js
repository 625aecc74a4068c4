// Drawing on a mask: brush, eraser, polygon, and taking strokes back.

export class Editor {
  constructor(bits, width, height) {
    Object.assign(this, { bits: bits.slice(), width, height, strokes: [], stroke: null, corners: [] });
  }

  get changed() {
    return this.strokes.length > 0;
  }

  /** Sets or clears one pixel and remembers what it was. */
  #set(pixel, value) {
    if (this.bits[pixel] === value) return;
    if (!this.stroke.has(pixel)) this.stroke.set(pixel, this.bits[pixel]);
    this.bits[pixel] = value;
  }

  begin() {
    this.stroke = new Map();
  }

  /** Ends a stroke; whether it changed anything. */
  end() {
    const stroke = this.stroke;
    this.stroke = null;
    if (!stroke || stroke.size === 0) return false;
    this.strokes.push(stroke);
    return true;
  }

  /** A line as wide as two radii, both ends round. */
  line(from, to, radius, value) {
    const length = Math.hypot(to.x - from.x, to.y - from.y);
    const steps = Math.max(1, Math.ceil(length / Math.max(radius / 2, 0.5)));
    for (let step = 0; step <= steps; step += 1) {
      this.#disc(from.x + ((to.x - from.x) * step) / steps, from.y + ((to.y - from.y) * step) / steps, radius, value);
    }
  }

  #disc(cx, cy, radius, value) {
    const { width, height } = this;
    for (let y = Math.max(0, Math.floor(cy - radius)); y < Math.min(height, cy + radius + 1); y += 1) {
      for (let x = Math.max(0, Math.floor(cx - radius)); x < Math.min(width, cx + radius + 1); x += 1) {
        if ((x + 0.5 - cx) ** 2 + (y + 0.5 - cy) ** 2 <= radius ** 2) this.#set(y * width + x, value);
      }
    }
  }

  /** Fills the polygon of the corners by the even-odd rule; whether that changed anything. */
  closePolygon(value) {
    const { corners, width, height } = this;
    this.corners = [];
    if (corners.length < 3) return false;
    this.begin();
    for (let y = 0; y < height; y += 1) {
      const crossings = [];
      corners.forEach((a, index) => {
        const b = corners[(index + 1) % corners.length];
        if (a.y > y + 0.5 !== b.y > y + 0.5) crossings.push(a.x + ((y + 0.5 - a.y) / (b.y - a.y)) * (b.x - a.x));
      });
      crossings.sort((a, b) => a - b);
      for (let pair = 0; pair + 1 < crossings.length; pair += 2) {
        const end = Math.min(width, Math.ceil(crossings[pair + 1] - 0.5));
        for (let x = Math.max(0, Math.ceil(crossings[pair] - 0.5)); x < end; x += 1) this.#set(y * width + x, value);
      }
    }
    return this.end();
  }

  /** Takes the last corner or stroke back; whether there was one. */
  undo() {
    if (this.corners.length > 0) {
      this.corners.pop();
      return true;
    }
    const stroke = this.strokes.pop();
    if (!stroke) return false;
    stroke.forEach((value, pixel) => { this.bits[pixel] = value; });
    return true;
  }

  /** Takes over a mask that was drawn before, as one stroke. */
  restore(bits) {
    this.begin();
    bits.forEach((value, pixel) => this.#set(pixel, value));
    return this.end();
  }
}
