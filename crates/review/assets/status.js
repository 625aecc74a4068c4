// Queues, progress and figures.

const byId = (id) => document.getElementById(id);

export const QUEUES = {
  batch: { name: "Review", stage: "II", empty: "No proposals wait for review." },
  doctor: { name: "Doctor", stage: "II", doctors: true, empty: "No image waits for a doctor." },
  panel: { name: "Panel", stage: "III", empty: "No proposals wait for a pick." },
  verification: { name: "Verify", stage: "IV", doctors: true, empty: "No mask waits to be verified." },
};

/** Whether `reviewer` may decide in a queue. */
export const mayDecide = (status, reviewer, queue) =>
  status.doctors.length === 0 || status.doctors.includes(reviewer) || !QUEUES[queue].doctors;

const percent = (share) => (share === null ? "-" : `${(100 * share).toFixed(0)} %`);
const seconds = (value) => (value === null ? "-" : `${value.toFixed(1)} s`);

function list(target, rows) {
  byId(target).replaceChildren(...rows.map(([name, value]) => {
    const [row, term, text] = ["div", "dt", "dd"].map((tag) => document.createElement(tag));
    term.textContent = name;
    text.textContent = value;
    row.append(term, text);
    return row;
  }));
}

export function showQueues(statistics, current, choose) {
  byId("queues").replaceChildren(...Object.entries(QUEUES).map(([queue, { name, stage }]) => {
    const waiting = statistics.waiting[queue] ?? 0;
    const button = document.createElement("button");
    button.type = "button";
    button.title = `Stage ${stage}, ${waiting} waiting`;
    button.classList.toggle("some", waiting > 0);
    button.setAttribute("aria-current", queue === current);
    button.dataset.queue = queue;
    const count = document.createElement("b");
    count.textContent = waiting;
    button.append(name, count);
    button.addEventListener("click", () => choose(queue));
    return button;
  }));
}

export function showStatus({ project, statistics }, queue) {
  byId("project").textContent = project;
  document.title = `${project} - Pulmo review`;
  byId("phase").textContent = statistics.phase[0].toUpperCase() + statistics.phase.slice(1);
  const round = statistics.rounds.filter(({ stage }) => stage === QUEUES[queue].stage).at(-1);
  const open = Object.entries(QUEUES)
    .filter(([, { stage }]) => stage === QUEUES[queue].stage)
    .reduce((sum, [name]) => sum + (statistics.waiting[name] ?? 0), 0);
  const what = queue === "panel" ? "Panel" : queue === "verification" ? "Sample" : `Batch ${round?.iteration}`;
  byId("round-text").textContent = round ? `${what}: ${round.images - open} of ${round.images} decided` : "";
  byId("round-bar").value = round ? (round.images - open) / round.images : 0;
  const rows = [
    ["Masks", `${statistics.masked} of ${statistics.images}`],
    ["Verified", statistics.verified],
    ["Excluded", statistics.excluded],
  ];
  if (round) {
    rows.push(["Taken as proposed", percent(round.agreement)], ["Time per image", seconds(round.median_seconds)]);
  }
  list("figures", rows);
  byId("project-section").hidden = false;
}

export function showCase(task, number) {
  byId("case-section").hidden = !task;
  if (!task) return;
  byId("case-id").textContent = task.id;
  const rows = [["Class", task.class], ["Size", `${task.width} × ${task.height}`]];
  if (task.queue === "batch" || task.queue === "doctor") rows.push(["Proposed by", task.networks.join(", ")]);
  rows.push(["Waiting", number]);
  list("case", rows);
}
