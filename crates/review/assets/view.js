// One canvas with the X-ray, a contour, and what a tool shows.

import { contour } from "./bits.js";

const COLOURS = { shown: "#5ad1e6", edited: "#ffb454" };
const MOST_ZOOM = 24;

/** What all views of one X-ray share: part of the image seen, window, level. */
export class Display {
  constructor() {
    Object.assign(this, { contour: true, fill: false });
    this.plain();
    this.fit();
  }

  plain() {
    Object.assign(this, { window: 255, level: 128 });
  }

  fit() {
    Object.assign(this, { zoom: 1, x: 0, y: 0 });
  }

  pan(dx, dy) {
    this.x -= dx;
    this.y -= dy;
  }

  /** Zooms so that `point`, in image pixels from the centre, stays where it is. */
  zoomBy(factor, point = { x: this.x, y: this.y }) {
    const zoom = Math.min(MOST_ZOOM, Math.max(1, this.zoom * factor));
    const keep = this.zoom / zoom;
    this.x = point.x + (this.x - point.x) * keep;
    this.y = point.y + (this.y - point.y) * keep;
    this.zoom = zoom;
    if (zoom === 1) this.fit();
  }

  adjust(name, by) {
    const [least, most] = name === "window" ? [10, 255] : [0, 255];
    this[name] = Math.min(most, Math.max(least, this[name] + by));
  }
}

export class View {
  constructor(canvas, display) {
    Object.assign(this, { canvas, display, picture: null, bits: null, path: null, edited: false, tool: null });
    new ResizeObserver(() => this.draw()).observe(canvas);
  }

  show(picture, bits) {
    if (this.picture !== picture) this.shade = null;
    this.picture = picture;
    this.setBits(bits, false);
  }

  setBits(bits, edited) {
    this.bits = bits;
    this.edited = edited;
    this.path = null;
    this.fillLayer = null;
    this.draw();
  }

  /** Size of an image pixel in canvas pixels, and where the image's corner is. */
  #place() {
    const { canvas, picture, display } = this;
    const fit = Math.min(canvas.width / picture.width, canvas.height / picture.height);
    const scale = fit * display.zoom;
    return {
      scale,
      left: canvas.width / 2 - (picture.width / 2 + display.x) * scale,
      top: canvas.height / 2 - (picture.height / 2 + display.y) * scale,
    };
  }

  /** A pointer event's position in image pixels. */
  position(event) {
    const box = this.canvas.getBoundingClientRect();
    const ratio = this.canvas.width / box.width;
    const { scale, left, top } = this.#place();
    return {
      x: ((event.clientX - box.left) * ratio - left) / scale,
      y: ((event.clientY - box.top) * ratio - top) / scale,
    };
  }

  /** A position relative to the image's centre, as Display.zoomBy wants it. */
  fromCentre(point) {
    return { x: point.x - this.picture.width / 2, y: point.y - this.picture.height / 2 };
  }

  /** Image pixels per CSS pixel. */
  get grain() {
    return this.picture ? this.canvas.width / this.canvas.clientWidth / this.#place().scale : 1;
  }

  draw() {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      this.#paint();
    });
  }

  #paint() {
    const { canvas, picture, display } = this;
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    if (!picture || width === 0) return;
    const { scale, left, top } = this.#place();
    context.setTransform(scale, 0, 0, scale, left, top);
    context.imageSmoothingQuality = "high";
    context.drawImage(this.#shaded(), 0, 0);
    const colour = this.edited ? COLOURS.edited : COLOURS.shown;
    if (this.bits && display.fill) context.drawImage(this.#filled(colour), 0, 0);
    if (this.bits && display.contour) {
      this.path ??= contour(this.bits, picture.width, picture.height);
      context.lineJoin = context.lineCap = "round";
      context.strokeStyle = "rgb(0 0 0 / 55%)";
      context.lineWidth = (4 * ratio) / scale;
      context.stroke(this.path);
      context.strokeStyle = colour;
      context.lineWidth = (1.8 * ratio) / scale;
      context.stroke(this.path);
    }
    if (this.tool) this.#paintTool(context, ratio / scale);
  }

  #paintTool(context, pixel) {
    const { kind, cursor, radius, down, corners } = this.tool;
    context.lineWidth = 1.5 * pixel;
    context.strokeStyle = kind === "eraser" ? "#ff8f85" : COLOURS.edited;
    context.beginPath();
    if (kind === "polygon") {
      corners.forEach(({ x, y }) => context.lineTo(x, y));
      if (cursor && corners.length > 0) context.lineTo(cursor.x, cursor.y);
      context.stroke();
      if (cursor && corners.length > 1) {
        context.beginPath();
        context.setLineDash([4 * pixel, 4 * pixel]);
        context.moveTo(cursor.x, cursor.y);
        context.lineTo(corners[0].x, corners[0].y);
        context.stroke();
        context.setLineDash([]);
      }
      corners.forEach(({ x, y }) => context.strokeRect(x - 3 * pixel, y - 3 * pixel, 6 * pixel, 6 * pixel));
    }
    if (!cursor) return;
    context.beginPath();
    if (kind === "polygon") {
      const arm = 9 * pixel;
      context.moveTo(cursor.x - arm, cursor.y);
      context.lineTo(cursor.x + arm, cursor.y);
      context.moveTo(cursor.x, cursor.y - arm);
      context.lineTo(cursor.x, cursor.y + arm);
    } else {
      context.arc(cursor.x, cursor.y, radius, 0, 2 * Math.PI);
      context.moveTo(cursor.x + 1.5 * pixel, cursor.y);
      context.arc(cursor.x, cursor.y, 1.5 * pixel, 0, 2 * Math.PI);
    }
    if (down) context.lineWidth = 3 * pixel;
    context.stroke();
  }

  /** The X-ray through window and level. */
  #shaded() {
    const { picture, display } = this;
    const key = `${display.window}/${display.level}`;
    if (this.shade?.key === key) return this.shade.layer;
    const low = display.level - display.window / 2;
    const table = Uint8ClampedArray.from({ length: 256 }, (_, value) => ((value - low) / display.window) * 255);
    const layer = this.shade?.layer ?? new OffscreenCanvas(picture.width, picture.height);
    const image = new ImageData(picture.width, picture.height);
    picture.grey.forEach((value, index) => {
      const at = 4 * index;
      image.data[at] = image.data[at + 1] = image.data[at + 2] = table[value];
      image.data[at + 3] = 255;
    });
    layer.getContext("2d").putImageData(image, 0, 0);
    this.shade = { key, layer };
    return layer;
  }

  #filled(colour) {
    if (this.fillLayer) return this.fillLayer;
    const { picture, bits } = this;
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    const image = new ImageData(picture.width, picture.height);
    bits.forEach((bit, index) => {
      if (bit) image.data.set([red, green, blue, 56], 4 * index);
    });
    this.fillLayer = new OffscreenCanvas(picture.width, picture.height);
    this.fillLayer.getContext("2d").putImageData(image, 0, 0);
    return this.fillLayer;
  }
}
