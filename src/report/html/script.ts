/** What a page does beyond being read: tables sort by their heads and filter by a word, figures tell their marks. */
export const SCRIPT = `
'use strict';
(() => {
  const { filter, sort } = document.body.dataset;
  const number = (text) => {
    const found = /[<>]?\\s*([+\\-\\u2212]?[\\d,]*\\.?\\d+(?:e[+\\-]?\\d+)?)/i.exec(text);
    return found ? Number(found[1].replace(/,/g, '').replace('\\u2212', '-')) : NaN;
  };
  const compare = (a, b) => {
    const [x, y] = [number(a), number(b)];
    if (!Number.isNaN(x) && !Number.isNaN(y) && x !== y) return x - y;
    return a.localeCompare(b, document.documentElement.lang, { numeric: true });
  };
  for (const table of document.querySelectorAll('.table > table')) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    if (rows.length < 2) continue;
    // Rows that go on with the row above belong to it, and stay.
    if (rows.some((row, i) => i > 0 && row.cells[0].textContent === '')) continue;
    for (const head of table.tHead.rows[0].cells) {
      const button = document.createElement('button');
      button.type = 'button';
      button.title = sort;
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener('click', () => {
        const at = head.cellIndex;
        const first = head.classList.contains('n') ? 'descending' : 'ascending';
        const second = first === 'ascending' ? 'descending' : 'ascending';
        const now = head.getAttribute('aria-sort');
        const next = now === null ? first : now === first ? second : null;
        for (const other of head.parentNode.cells) other.removeAttribute('aria-sort');
        if (next !== null) head.setAttribute('aria-sort', next);
        const sign = next === 'descending' ? -1 : 1;
        const text = (row) => row.cells[at].textContent.trim();
        const ordered = next === null ? rows : [...rows].sort((a, b) => {
          const [x, y] = [text(a), text(b)];
          if (x === '' || y === '') return Number(x === '') - Number(y === '');
          return sign * compare(x, y);
        });
        body.append(...ordered);
      });
    }
    if (rows.length < 6) continue;
    const input = document.createElement('input');
    input.type = 'search';
    input.placeholder = filter;
    input.setAttribute('aria-label', filter);
    table.parentNode.before(input);
    input.addEventListener('input', () => {
      const words = input.value.toLowerCase().split(/\\s+/).filter(Boolean);
      for (const row of rows) row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word));
    });
  }
  const tip = document.createElement('div');
  tip.id = 'tip';
  tip.hidden = true;
  tip.setAttribute('aria-hidden', 'true');
  document.body.append(tip);
  window.showTip = ({ clientX, clientY }, told) => {
    tip.hidden = !told;
    if (!told) return;
    tip.textContent = told;
    tip.style.left = Math.max(4, Math.min(clientX + 12, innerWidth - tip.offsetWidth - 8)) + 'px';
    tip.style.top = (clientY + 16 + tip.offsetHeight > innerHeight ? clientY - tip.offsetHeight - 8 : clientY + 16) + 'px';
  };
  for (const figure of document.querySelectorAll('figure')) {
    const point = (event) => {
      if (event.target.closest('.pane')) return;
      const mark = event.target.closest('[aria-roledescription]:not([aria-roledescription~=container])');
      // Axes and legends tell what they show anyway.
      showTip(event, mark && !/^(axis|legend)$/.test(mark.getAttribute('aria-roledescription')) && mark.getAttribute('aria-label'));
    };
    figure.addEventListener('pointermove', point);
    figure.addEventListener('pointerdown', point);
    // What a finger has asked for stays when it is gone.
    figure.addEventListener('pointerleave', (event) => { if (event.pointerType !== 'touch') tip.hidden = true; });
  }
})();
`;
