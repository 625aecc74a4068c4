"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const grid = byId("cases");
  const cards = Array.from(grid.children);
  const [query, grade, verdict, order] = ["query", "grade", "verdict", "order"].map(byId);
  const names = new Intl.Collator(undefined, { numeric: true });
  const orders = {
    given: () => 0,
    infected: (a, b) => b.dataset.infected - a.dataset.infected,
    score: (a, b) => b.dataset.score - a.dataset.score,
    file: (a, b) => names.compare(a.dataset.file, b.dataset.file),
  };
  const chosen = (control, value) => !control || !control.value || control.value === value;
  const update = () => {
    const text = query.value.trim().toLowerCase();
    let shown = 0;
    for (const card of cards) {
      const { file, grade: its, verdict: said } = card.dataset;
      card.hidden = !(file.toLowerCase().includes(text) && chosen(grade, its) && chosen(verdict, said));
      shown += card.hidden ? 0 : 1;
    }
    grid.append(...[...cards].sort(orders[order.value]));
    byId("shown").textContent = `${shown} of ${cards.length} shown`;
  };
  const controls = byId("controls");
  controls.addEventListener("input", update);
  controls.addEventListener("submit", (event) => event.preventDefault());
  controls.hidden = false;
  update();
})();
