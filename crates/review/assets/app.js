// The flow: take an image, judge it, wait until the decision is on the disk, take the next.

import * as api from "./api.js";
import { fromGrey } from "./bits.js";
import { listen, once, repeating } from "./keys.js";
import { Stage } from "./stage.js";
import { QUEUES, mayDecide, showCase, showQueues, showStatus } from "./status.js";

const byId = (id) => document.getElementById(id);
/** The image to judge and those fetched ahead. */
const AHEAD = 4;
const POLL_SECONDS = 15;
const WINDOW_STEP = 12;
const LEVEL_STEP = 8;
const ZOOM_STEP = 1.25;
const NAME_KEY = "reviewer";

const ACTIONS = {
  batch: { a: ["accept", "Accept"], r: ["reject", "Save correction"], u: ["unsure", "Unsure"], e: ["exclude", "Exclude"] },
  doctor: { a: ["accept", "Accept"], r: ["adjust", "Save correction"], e: ["exclude", "Exclude"] },
  panel: { d: ["deny", "Deny all"] },
  verification: { a: ["confirm", "Confirm"], r: ["correct", "Save correction"], e: ["exclude", "Exclude"] },
};
const CORRECTIONS = ["reject", "adjust", "correct"];
/** What can be said of an image that cannot be shown. */
const UNSEEN = ["unsure", "exclude"];
const MOST_SECONDS = 86_400;
const DONE = {
  accept: "accepted", reject: "correction saved", unsure: "sent to the doctor", exclude: "excluded", adjust: "correction saved",
  pick: "picked", deny: "denied", confirm: "confirmed", correct: "correction saved",
};

let reviewer = null;
let queue = null;
let current = null;
/** The task that is in front of the reviewer, drawn. */
let seen = null;
let upcoming = [];
let waiting = 0;
let busy = false;
let status = null;
const pictures = new Map();
const watch = { spent: 0, since: null };
const stage = new Stage(() => {
  say("");
  refreshActions();
});

function say(text, isError = false) {
  byId("toast").textContent = text;
  byId("toast").classList.toggle("error", isError);
}

/** Time counts while the image is seen. */
function startWatch() {
  watch.spent = 0;
  watch.since = document.hidden ? null : performance.now();
}

function seconds() {
  const spent = (watch.spent + (watch.since === null ? 0 : performance.now() - watch.since)) / 1000;
  return Math.min(MOST_SECONDS, spent);
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden && watch.since !== null) {
    watch.spent += performance.now() - watch.since;
    watch.since = null;
  } else if (!document.hidden) {
    watch.since ??= performance.now();
  }
});

const keyOf = (task) => `${task.sha256}/${task.masks.join("/")}`;

/** X-ray and masks of a task, fetched once. */
function picture(task) {
  const key = keyOf(task);
  if (!pictures.has(key)) {
    const { width, height } = task;
    const grey = api.pixels(`/api/xray/${task.place}/${task.sha256}`, width, height);
    const masks = task.masks.map((digest) => api.pixels(`/api/mask/${digest}`, width, height));
    const fetched = Promise.all([grey, ...masks]);
    const made = fetched.then(([grey, ...masks]) => ({ width, height, grey, masks: masks.map(fromGrey) }));
    made.catch(() => pictures.delete(key));
    pictures.set(key, made);
  }
  return pictures.get(key);
}

/** Runs one thing at a time; says what went wrong. */
async function alone(work) {
  if (busy) return;
  busy = true;
  document.body.dataset.busy = "true";
  refreshActions();
  try {
    await work();
  } catch (error) {
    say(error.message, true);
  } finally {
    busy = false;
    delete document.body.dataset.busy;
    refreshActions();
  }
}

async function refreshStatus() {
  status = await api.status();
  showQueues(status.statistics, queue, (chosen) => alone(() => openQueue(chosen)));
  if (queue) showStatus(status, queue);
}

async function openQueue(chosen) {
  queue = chosen;
  upcoming = [];
  current = seen = null;
  await next();
}

/** Shows the next image; fetches those behind it. */
async function next() {
  upcoming = mayDecide(status, reviewer, queue) ? (await api.tasks(queue, reviewer, AHEAD)).tasks : [];
  await refreshStatus();
  waiting = status.statistics.waiting[queue] ?? 0;
  await show(upcoming[0] ?? null);
}

async function show(task) {
  current = task;
  seen = null;
  showCase(task, waiting);
  document.body.dataset.place = task ? task.place : "";
  document.body.dataset.queue = queue;
  if (!task) return showEmpty();
  let loaded;
  try {
    loaded = await picture(task);
  } catch (error) {
    stage.empty("This image cannot be shown", error.message);
    buildActions();
    throw new Error(`${task.id} cannot be shown`);
  }
  if (task.queue === "panel") {
    stage.grid(task, loaded);
  } else if (stage.single(task, loaded)) {
    say("your unsaved correction is back");
  }
  seen = task;
  startWatch();
  buildActions();
  const keep = new Set(upcoming.map(keyOf));
  for (const key of pictures.keys()) if (!keep.has(key)) pictures.delete(key);
  upcoming.slice(1).forEach((later) => picture(later).catch(() => {}));
}

function showEmpty() {
  const elsewhere = Object.entries(status.statistics.waiting)
    .filter(([name, count]) => count > 0 && name !== queue && mayDecide(status, reviewer, name));
  const hint = waiting > 0
    ? mayDecide(status, reviewer, queue) ? "Others are looking at what is left." : `It is for doctors: ${status.doctors.join(", ")}.`
    : elsewhere.length > 0
      ? `Press Q for the next queue: ${elsewhere.map(([name, count]) => `${QUEUES[name].name} ${count}`).join(", ")}.`
      : "Let the networks take the next step; this page notices by itself.";
  stage.empty(waiting > 0 ? `${waiting} left` : QUEUES[queue].empty, hint);
  buildActions();
}

async function decide(decision, pick = null) {
  const task = current;
  const correction = CORRECTIONS.includes(decision);
  if (seen !== task && !UNSEEN.includes(decision)) {
    await show(task);
    return say("the image was not shown before; look at it, then decide", true);
  }
  if (correction && !stage.changed) {
    stage.setTool("brush");
    return say("draw the correction first: B brush, X eraser, P polygon; then R saves it");
  }
  if (stage.busyDrawing) return say("finish the polygon or stroke first", true);
  if (!correction && stage.changed) {
    return say("you have changed the mask: R saves it, Z takes strokes back", true);
  }
  const { place, masks } = task;
  const mask = correction ? stage.drawn : null;
  try {
    await api.decide({ reviewer, queue: task.queue, place, masks, decision, pick, mask, seconds: seconds() });
    stage.forgetDraft();
    say(`${task.id} ${DONE[decision]}${pick ? ` (${pick})` : ""}`);
  } catch (error) {
    // Somebody else was faster: go on; a drawing is kept in case the image comes back. Anything else leaves image and
    // drawing where they are.
    if (error.status !== 409) throw error;
    say(error.message, true);
  }
  await next();
}

async function undo() {
  if (stage.undo()) return;
  const task = await api.undo(reviewer);
  queue = task.queue;
  upcoming = [task, ...upcoming.filter((other) => other.queue === queue && other.place !== task.place)];
  await refreshStatus();
  waiting = status.statistics.waiting[queue];
  await show(task);
  say(`the decision on ${task.id} is taken back`);
}

function act(key) {
  const action = ACTIONS[queue]?.[key];
  if (action && current) alone(() => decide(action[0]));
}

function pick(place) {
  if (current?.queue === "panel" && place <= current.masks.length) alone(() => decide("pick", place));
}

/** Whether something waits in a queue that this reviewer may decide. */
const isOpen = (name) => status.statistics.waiting[name] > 0 && mayDecide(status, reviewer, name);

function nextQueue() {
  const names = Object.keys(QUEUES);
  const after = (step) => names[(names.indexOf(queue) + step) % names.length];
  const open = names.map((_, at) => after(at + 1)).find(isOpen);
  alone(() => openQueue(open ?? after(1)));
}

function button(kind, key, text, run) {
  const made = document.createElement("button");
  const [cap, label] = ["kbd", "span"].map((tag) => document.createElement(tag));
  made.type = "button";
  made.className = `action ${kind}`;
  made.dataset.decision = kind;
  made.setAttribute("aria-keyshortcuts", key);
  cap.textContent = key.toUpperCase();
  label.textContent = text;
  made.append(cap, label);
  made.addEventListener("click", run);
  return made;
}

function buildActions() {
  const actions = Object.entries(ACTIONS[queue]).map(([key, [kind, text]]) => button(kind, key, text, () => act(key)));
  if (current?.queue === "panel") {
    const picks = current.masks.map((_, at) => button("pick", `${at + 1}`, "Pick", () => pick(at + 1)));
    actions.unshift(...picks);
  }
  byId("actions").replaceChildren(...(current ? actions : []));
  byId("edit-tools").hidden = !current || seen !== current || current.queue === "panel";
  refreshActions();
}

function refreshActions() {
  for (const made of byId("actions").children) {
    const correction = CORRECTIONS.includes(made.dataset.decision);
    const unseen = seen !== current && !UNSEEN.includes(made.dataset.decision);
    made.disabled = busy || unseen || (stage.changed && !correction);
    made.classList.toggle("ready", correction && stage.changed);
  }
  byId("undo").disabled = busy;
  byId("undo").lastElementChild.textContent = stage.changed ? "Undo stroke" : "Undo";
}

function showDisplay() {
  for (const name of ["window", "level"]) {
    byId(name).value = stage.display[name];
    byId(`${name}-out`).textContent = stage.display[name];
  }
  byId("size").value = 2 * stage.radius;
  byId("size-out").textContent = `${2 * stage.radius}`;
  byId("contour").setAttribute("aria-pressed", stage.display.contour);
  byId("fill").setAttribute("aria-pressed", stage.display.fill);
  stage.redraw();
}

/** A change of what is shown, then its controls. */
const shown = (change) => (shift) => {
  change(shift);
  showDisplay();
};

const toggle = (name) => shown(() => { stage.display[name] = !stage.display[name]; });
const size = (by) => shown(() => stage.resize(Math.min(30, Math.max(0.5, stage.radius + by))));
const arrow = (dx, dy) => repeating((fast) => current && stage.arrow(dx, dy, fast));

function bindKeys() {
  const tool = (name) => once(() => stage.setTool(name));
  const bindings = {
    a: once(() => act("a")), r: once(() => act("r")), u: once(() => act("u")), e: once(() => act("e")),
    d: once(() => act("d")), z: once(() => alone(undo)), q: once(nextQueue), "?": once(() => byId("help").showModal()),
    b: tool("brush"), x: tool("eraser"), p: tool("polygon"), v: tool("look"), Escape: tool("look"),
    "[": repeating(size(-0.5)), "]": repeating(size(0.5)),
    "+": repeating(() => stage.zoom(ZOOM_STEP)), "=": repeating(() => stage.zoom(ZOOM_STEP)),
    "-": repeating(() => stage.zoom(1 / ZOOM_STEP)), f: once(() => stage.fit()),
    w: repeating(shown((shift) => stage.display.adjust("window", shift ? WINDOW_STEP : -WINDOW_STEP))),
    l: repeating(shown((shift) => stage.display.adjust("level", shift ? LEVEL_STEP : -LEVEL_STEP))),
    n: once(shown(() => stage.display.plain())), h: once(toggle("contour")), m: once(toggle("fill")),
    ArrowLeft: arrow(-1, 0), ArrowRight: arrow(1, 0), ArrowUp: arrow(0, -1), ArrowDown: arrow(0, 1),
    " ": once(() => current && stage.space()), Enter: once((cut) => current && stage.enter(cut)),
  };
  for (let place = 1; place <= 6; place += 1) bindings[place] = once(() => pick(place));
  listen(bindings, () => document.querySelector("dialog[open]") !== null);
}

function bindControls() {
  for (const name of ["window", "level"]) {
    byId(name).addEventListener("input", shown(() => { stage.display[name] = Number(byId(name).value); }));
  }
  byId("size").addEventListener("input", shown(() => stage.resize(Number(byId("size").value) / 2)));
  byId("contour").addEventListener("click", toggle("contour"));
  byId("fill").addEventListener("click", toggle("fill"));
  byId("fit").addEventListener("click", () => stage.fit());
  byId("plain").addEventListener("click", shown(() => stage.display.plain()));
  byId("undo").addEventListener("click", () => alone(undo));
  byId("help-open").addEventListener("click", () => byId("help").showModal());
  for (const made of document.querySelectorAll("#edit-tools [data-tool]")) {
    made.addEventListener("click", () => {
      stage.setTool(made.dataset.tool);
      byId("canvas").focus();
    });
  }
}

function askName() {
  const dialog = byId("who");
  dialog.addEventListener("cancel", (event) => { if (!reviewer) event.preventDefault(); });
  byId("who-name").value = reviewer ?? "";
  dialog.showModal();
}

/** Tries a name out on the server, which says what is wrong with it. */
async function begin(name) {
  await api.tasks("batch", name, 0);
  reviewer = name;
  localStorage.setItem(NAME_KEY, name);
  byId("reviewer").textContent = name;
  byId("reviewer").hidden = false;
  byId("who").close();
  await openQueue(Object.keys(QUEUES).find(isOpen) ?? "batch");
}

byId("who-form").addEventListener("submit", (event) => {
  event.preventDefault();
  alone(async () => {
    try {
      await begin(byId("who-name").value.trim());
    } catch (error) {
      if (!byId("who").open) throw error;
      byId("who-error").textContent = error.message;
    }
  });
});

stage.onPick = pick;
bindKeys();
bindControls();
showDisplay();
alone(async () => {
  await refreshStatus();
  const known = status.reviewer ?? localStorage.getItem(NAME_KEY);
  byId("reviewer").disabled = status.reviewer !== null;
  byId("reviewer").addEventListener("click", askName);
  if (known) await begin(known);
  else askName();
});
// Networks may have proposed in the meantime, or another reviewer may have decided.
setInterval(() => {
  if (document.hidden || busy || !reviewer) return;
  if (!current) return alone(next);
  if (seen !== current) return alone(() => show(current));
  api.tasks(queue, reviewer, 0, upcoming.map(({ place }) => place)).catch(() => {});
  refreshStatus().catch(() => {});
}, POLL_SECONDS * 1000);
