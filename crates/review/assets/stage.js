// The X-ray in front of the reviewer: looking at it, and correcting the contour by mouse or keyboard.

import { fromBase64, toBase64 } from "./bits.js";
import { Editor } from "./editor.js";
import { Display, View } from "./view.js";

const byId = (id) => document.getElementById(id);
const ARROW_STEP = 1;
const FAST_STEP = 8;
/** Brush sizes and arrow steps are in pixels up to this side, and grow with larger images. */
const PLAIN_SIDE = 512;
const PAN_STEP = 40;
const TOOL_NAMES = { brush: "Brush", eraser: "Eraser", polygon: "Polygon" };

export class Stage {
  constructor(changed) {
    this.changedBits = changed;
    this.display = new Display();
    this.canvas = byId("canvas");
    this.view = new View(this.canvas, this.display);
    this.views = [this.view];
    this.tool = "look";
    this.radius = 4.5;
    this.onPick = () => {};
    this.#listen(this.view);
  }

  /** One proposal, which can be corrected. */
  single(task, picture) {
    this.#reveal("single");
    this.views = [this.view];
    this.task = task;
    this.editor = new Editor(picture.masks[0], picture.width, picture.height);
    this.cursor = null;
    this.down = null;
    this.display.fit();
    this.view.show(picture, this.editor.bits);
    const restored = this.#restoreDraft();
    this.setTool("look");
    this.canvas.focus({ preventScroll: true });
    return restored;
  }

  /** Several proposals side by side. */
  grid(task, picture) {
    this.#reveal("grid");
    this.editor = null;
    this.task = task;
    this.tool = "look";
    this.display.fit();
    const grid = byId("grid");
    if (grid.childElementCount !== task.masks.length) this.#buildGrid(grid, task.masks.length);
    this.views = this.cells.map((cell) => cell.view);
    this.views.forEach((view, place) => view.show(picture, picture.masks[place]));
    this.enlarge(false);
    this.choose(0);
  }

  empty(title, text) {
    this.#reveal("empty");
    this.editor = null;
    this.task = null;
    byId("empty-title").textContent = title;
    byId("empty-text").textContent = text;
  }

  #reveal(shown) {
    for (const id of ["single", "grid", "empty"]) byId(id).hidden = id !== shown;
  }

  #buildGrid(grid, count) {
    grid.dataset.count = count;
    this.cells = Array.from({ length: count }, (_, place) => {
      const cell = document.createElement("div");
      cell.className = "cell";
      cell.tabIndex = -1;
      cell.setAttribute("role", "option");
      cell.setAttribute("aria-label", `Proposal ${place + 1}`);
      const canvas = document.createElement("canvas");
      const key = document.createElement("kbd");
      key.textContent = place + 1;
      cell.append(canvas, key);
      cell.view = new View(canvas, this.display);
      this.#listen(cell.view, () => this.choose(place));
      cell.addEventListener("dblclick", () => this.onPick(place + 1));
      return cell;
    });
    grid.replaceChildren(...this.cells);
  }

  /** Moves the frame to a proposal. */
  choose(place) {
    this.chosen = Math.min(this.cells.length - 1, Math.max(0, place));
    this.cells.forEach((cell, at) => {
      cell.classList.toggle("chosen", at === this.chosen);
      cell.setAttribute("aria-selected", at === this.chosen);
      cell.tabIndex = at === this.chosen ? 0 : -1;
    });
    this.cells[this.chosen].focus({ preventScroll: true });
    this.redraw();
  }

  enlarge(large = !byId("grid").classList.contains("large")) {
    byId("grid").classList.toggle("large", large);
    this.redraw();
  }

  redraw() {
    this.views.forEach((view) => view.draw());
  }

  get isGrid() {
    return !byId("grid").hidden;
  }

  /** Whether the reviewer has drawn something. */
  get changed() {
    return Boolean(this.editor?.changed);
  }

  get busyDrawing() {
    return Boolean(this.down) || Boolean(this.editor?.corners.length);
  }

  /** The corrected mask as the server wants it. */
  get drawn() {
    return toBase64(this.editor.bits);
  }

  setTool(tool) {
    if (!this.editor) return;
    this.#penUp();
    if (tool !== "polygon") this.editor.corners = [];
    this.tool = tool;
    if (tool !== "look") {
      const { width, height } = this.editor;
      this.cursor ??= { x: Math.floor(width / 2) + 0.5, y: Math.floor(height / 2) + 0.5 };
      this.display.contour = true;
    }
    this.canvas.dataset.tool = tool;
    byId("mode").hidden = tool === "look";
    byId("mode").textContent = TOOL_NAMES[tool] ?? "";
    for (const button of document.querySelectorAll("[data-tool]")) {
      if (button !== this.canvas) button.setAttribute("aria-pressed", button.dataset.tool === tool);
    }
    this.#drawTool();
  }

  resize(radius) {
    this.radius = radius;
    this.#drawTool();
  }

  zoom(factor, point) {
    this.display.zoomBy(factor, point);
    this.redraw();
  }

  fit() {
    this.display.fit();
    this.redraw();
  }

  arrow(dx, dy, fast) {
    if (this.isGrid) {
      const columns = byId("grid").dataset.count === "4" ? 2 : 3;
      this.choose(this.chosen + dx + dy * columns);
    } else if (this.tool === "look") {
      this.display.pan(-dx * PAN_STEP * this.view.grain, -dy * PAN_STEP * this.view.grain);
      this.redraw();
    } else {
      const step = (fast ? FAST_STEP : ARROW_STEP) * this.#unit;
      const to = { x: this.cursor.x + dx * step, y: this.cursor.y + dy * step };
      to.x = Math.min(this.editor.width - 0.5, Math.max(0.5, to.x));
      to.y = Math.min(this.editor.height - 0.5, Math.max(0.5, to.y));
      this.#moveTo(to);
    }
  }

  space() {
    if (this.isGrid) this.enlarge();
    else if (this.tool === "polygon") this.#corner(this.cursor);
    else if (this.tool !== "look") this.down ? this.#penUp() : this.#penDown(this.cursor, "keys");
  }

  enter(cut) {
    if (this.tool !== "polygon" || !this.editor) return;
    if (this.editor.closePolygon(cut ? 0 : 1)) this.#strokeEnded();
    this.#drawTool();
  }

  /** Takes a corner or stroke back; whether there was one. */
  undo() {
    this.#penUp();
    if (!this.editor?.undo()) return false;
    this.#strokeEnded();
    return true;
  }

  /** Image pixels that a brush size of one and the smallest step stand for. */
  get #unit() {
    return Math.max(1, Math.round(Math.max(this.editor.width, this.editor.height) / PLAIN_SIDE));
  }

  /** `by` mouse or keys; the other one does not move a pen that is down. */
  #penDown(point, by) {
    this.down = by;
    this.editor.begin();
    this.#paint(point, point);
  }

  #penUp() {
    if (!this.down) return;
    this.down = null;
    if (this.editor.end()) this.#strokeEnded();
    this.#drawTool();
  }

  #paint(from, to) {
    this.editor.line(from, to, this.radius * this.#unit, this.tool === "brush" ? 1 : 0);
    this.view.setBits(this.editor.bits, true);
  }

  #corner(point) {
    this.editor.corners.push({ ...point });
    this.#drawTool();
  }

  #moveTo(point) {
    const from = this.cursor;
    this.cursor = point;
    if (this.down) this.#paint(from, point);
    this.#drawTool();
  }

  #strokeEnded() {
    this.view.setBits(this.editor.bits, this.changed);
    this.#keepDraft();
    this.#drawTool();
    this.changedBits();
  }

  #drawTool() {
    const { tool: kind, cursor, down, editor } = this;
    if (kind === "look" || !editor) {
      this.view.tool = null;
    } else {
      this.view.tool = { kind, cursor, radius: this.radius * this.#unit, down, corners: editor.corners };
    }
    this.view.draw();
  }

  #listen(view, chosen = () => {}) {
    const { canvas } = view;
    let last = null;
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom(Math.exp(-event.deltaY / 300), view.fromCentre(view.position(event)));
    }, { passive: false });
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    canvas.addEventListener("pointerdown", (event) => {
      chosen();
      canvas.setPointerCapture(event.pointerId);
      last = { x: event.clientX, y: event.clientY };
      if (event.button !== 0 || this.tool === "look" || view !== this.view) return;
      this.#penUp();
      this.cursor = view.position(event);
      last = null;
      if (this.tool === "polygon") this.#corner(this.cursor);
      else this.#penDown(this.cursor, "mouse");
    });
    canvas.addEventListener("pointermove", (event) => {
      if (last) {
        const grain = view.grain;
        this.display.pan((event.clientX - last.x) * grain, (event.clientY - last.y) * grain);
        last = { x: event.clientX, y: event.clientY };
        this.redraw();
      } else if (this.tool !== "look" && view === this.view && this.editor && this.down !== "keys") {
        this.#moveTo(view.position(event));
      }
    });
    const release = () => {
      last = null;
      if (this.editor && view === this.view && this.down === "mouse") this.#penUp();
    };
    canvas.addEventListener("pointerup", release);
    canvas.addEventListener("pointercancel", release);
    canvas.addEventListener("dblclick", () => this.enter(false));
  }

  get #draftKey() {
    return `draft/${this.task.queue}/${this.task.sha256}/${this.task.masks[0]}`;
  }

  /** Keeps what is drawn over a reload of the page. */
  #keepDraft() {
    try {
      if (this.changed) sessionStorage.setItem(this.#draftKey, this.drawn);
      else sessionStorage.removeItem(this.#draftKey);
    } catch {
      // The browser has no room; the drawing is on the page all the same.
    }
  }

  #restoreDraft() {
    const kept = sessionStorage.getItem(this.#draftKey);
    if (!kept || !this.editor.restore(fromBase64(kept, this.editor.bits.length))) return false;
    this.view.setBits(this.editor.bits, true);
    return true;
  }

  /** The correction is on record, or no longer wanted. */
  forgetDraft() {
    if (this.task) sessionStorage.removeItem(this.#draftKey);
  }
}
