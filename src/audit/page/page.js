'use strict';
document.documentElement.className = 'js';
document.addEventListener('DOMContentLoaded', () => {
  const bodies = [...document.querySelectorAll('#matrix tbody')];
  const rows = bodies.map((body) => {
    const row = body.rows[0];
    return { body, cells: row.cells, text: row.textContent.toLowerCase(), cluster: body.dataset.c };
  });
  const [text, cluster, control, state] = ['text', 'cluster', 'control', 'state'].map((id) => document.getElementById(id));
  const count = document.getElementById('count');
  const empty = document.getElementById('empty');
  const first = 3;

  const matches = (row, words) => {
    if (cluster.value && row.cluster !== cluster.value) return false;
    if (!words.every((word) => row.text.includes(word))) return false;
    if (!state.value) return true;
    const cells = control.value ? [row.cells[Number(control.value)]] : [...row.cells].slice(first);
    return cells.some((cell) => cell.classList.contains(state.value));
  };

  const filter = () => {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const is = matches(row, words);
      if (row.body.hidden === is) row.body.hidden = !is;
      if (is) shown += 1;
    }
    count.textContent = `${shown} of ${rows.length} services`;
    empty.hidden = shown > 0 || rows.length === 0;
  };

  const toggle = (button) => {
    const open = button.closest('tbody').rows[1].classList.toggle('open');
    button.setAttribute('aria-expanded', String(open));
  };

  if (count) {
    for (const field of [text, cluster, control, state]) field.addEventListener('input', filter);
    text.form.addEventListener('submit', (event) => event.preventDefault());
    text.form.addEventListener('reset', () => setTimeout(filter));
    document.getElementById('matrix').addEventListener('click', (event) => {
      const button = event.target.closest('th button');
      if (button) toggle(button);
    });
    filter();
  }

  const openTarget = () => {
    const body = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (body && body.tagName === 'TBODY') {
      body.hidden = false;
      if (!body.rows[1].classList.contains('open')) toggle(body.querySelector('button'));
      body.querySelector('button').focus();
    }
  };
  addEventListener('hashchange', openTarget);
  openTarget();
});
