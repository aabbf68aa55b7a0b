/**
 * What figures with curves do: names in the legend hide and show their series, pointing tells the values of an epoch,
 * dragging enlarges a part and a double click shows all again. It reads the drawn SVG and needs no data beside it:
 * a scale is what the ticks of its axis say.
 */
export const FIGURE_SCRIPT = `
(() => {
  const { hint, reset: resetText } = document.body.dataset;
  const NS = 'http://www.w3.org/2000/svg';
  const made = (name, attributes) => {
    const element = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const PAIR = /(-?[\\d.]+(?:e-?\\d+)?),(-?[\\d.]+(?:e-?\\d+)?)/g;
  const pair = (text) => [...text.matchAll(PAIR)][0].slice(1).map(Number);
  const moved = (text, move) => text.replace(PAIR, (_, x, y) => move(Number(x), Number(y)).join(','));
  const amount = (text) => Number(text.replace(/\\u2212/g, '-').replace(/,/g, ''));
  const colourOf = (mark) => [mark.getAttribute('stroke'), mark.getAttribute('fill')].find((c) => c && c !== 'none' && c !== 'transparent');

  /** The values along an axis by its ticks, or null where they do not say. */
  const scaleOf = (axis, along) => {
    const at = [...axis.querySelectorAll('.role-axis-tick line')].map((line) => pair(line.getAttribute('transform'))[along]);
    const values = [...axis.querySelectorAll('.role-axis-label text')].map((text) => amount(text.textContent));
    const known = at.map((place, i) => [place, values[i]]).filter(([, value]) => Number.isFinite(value));
    if (known.length < 2) return null;
    const log = axis.getAttribute('aria-label').includes(' log scale');
    const to = log ? Math.log : Number;
    const [[p, v], [q, w]] = [known[0], known[known.length - 1]];
    const slope = (to(w) - to(v)) / (q - p);
    return {
      value: (place) => (log ? Math.exp : Number)(to(v) + (place - p) * slope),
      place: (value) => p + (to(value) - to(v)) / slope,
    };
  };
  const niceTicks = (low, high, least) => {
    const rough = (high - low) / 5;
    const power = 10 ** Math.floor(Math.log10(rough));
    const step = Math.max(least, power * [1, 2, 5, 10].find((factor) => factor * power >= rough));
    const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    const ticks = [];
    for (let n = Math.ceil(low / step - 1e-9); n * step <= high + step * 1e-9; n++) ticks.push([n * step, (n * step).toFixed(digits)]);
    return ticks;
  };

  document.querySelectorAll('figure').forEach((figure, number) => {
    const svg = figure.querySelector('svg');
    const groups = [...svg.querySelectorAll('g.mark-group.role-scope')].filter((group) => /concat_\\d+_group/.test(group.getAttribute('class')));
    const panels = groups.filter((group) => group.querySelector('.mark-line')).map((group, index) => {
      const [, width, height] = /h([\\d.]+)v([\\d.]+)/.exec(group.querySelector('.background').getAttribute('d')).map(Number);
      const content = group.querySelector('.background').nextElementSibling;
      const clip = 'clip-' + number + '-' + index;
      const clipPath = made('clipPath', { id: clip });
      clipPath.append(made('rect', { x: -4, y: -4, width: width + 8, height: height + 8 }));
      content.prepend(clipPath);
      for (const marks of content.querySelectorAll('.role-mark')) marks.setAttribute('clip-path', 'url(#' + clip + ')');
      const all = [...content.querySelectorAll('.role-axis')];
      const axes = [0, 1].map((along) => {
        const axis = all.find((one) => (one.getAttribute('aria-label') || '').startsWith(along ? 'Y-axis' : 'X-axis'));
        if (!axis) return null;
        const grid = all.find((one) => one.getAttribute('aria-hidden') && (one.querySelector('line') || axis).getAttribute(along ? 'x2' : 'y2') !== '0');
        const parts = ['.role-axis-tick', '.role-axis-label'].map((name) => axis.querySelector(name));
        if (along && grid) parts.push(grid.querySelector('.role-axis-grid'));
        return { scale: scaleOf(axis, along), parts: parts.filter(Boolean).map((part) => ({ part, before: [...part.children] })) };
      });
      const marks = [...content.querySelectorAll('.role-mark path')].map((mark) => ({ mark, d: mark.getAttribute('d'), at: mark.getAttribute('transform') }));
      const lines = [...content.querySelectorAll('.mark-line path')].map((line) => ({ line, points: [...line.getAttribute('d').matchAll(PAIR)].map(([, x, y]) => [Number(x), Number(y)]) }));
      const pane = made('rect', { class: 'pane', width, height });
      const ruler = made('line', { class: 'ruler', y2: height, visibility: 'hidden' });
      const frame = made('rect', { class: 'frame', visibility: 'hidden' });
      content.append(ruler, frame, pane);
      return { width, height, axes, marks, lines, pane, ruler, frame, view: null };
    }).filter(({ axes }) => axes.every((axis) => axis && axis.scale));
    if (panels.length === 0) return;

    const names = new Map();
    for (const symbol of svg.querySelectorAll('.role-legend-symbol path')) {
      const entry = symbol.closest('.role-legend-symbol').parentNode.parentNode;
      const name = [...entry.querySelector('text').childNodes].map((line) => line.textContent).join(' ');
      const colour = colourOf(symbol);
      names.set(colour, name);
      entry.setAttribute('class', 'series');
      for (const [key, value] of [['role', 'button'], ['tabindex', '0'], ['aria-pressed', 'true'], ['aria-label', name]]) entry.setAttribute(key, value);
      const toggle = () => {
        const shown = entry.getAttribute('aria-pressed') !== 'true';
        entry.setAttribute('aria-pressed', String(shown));
        for (const mark of svg.querySelectorAll('.role-mark path')) if (colourOf(mark) === colour) mark.style.display = shown ? '' : 'none';
      };
      entry.addEventListener('click', toggle);
      entry.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        toggle();
      });
    }

    const whole = ({ width, height }) => [0, width, 0, height];
    const placed = (panel) => {
      const [x0, x1, y0, y1] = panel.view || whole(panel);
      return (x, y) => [((x - x0) * panel.width) / (x1 - x0), ((y - y0) * panel.height) / (y1 - y0)];
    };
    const draw = (panel) => {
      const move = placed(panel);
      for (const { mark, d, at } of panel.marks) {
        const [key, before] = at ? ['transform', at] : ['d', d];
        mark.setAttribute(key, panel.view ? moved(before, move) : before);
      }
      const view = panel.view || whole(panel);
      panel.axes.forEach(({ scale, parts }, along) => {
        const ends = [scale.value(view[2 * along]), scale.value(view[2 * along + 1])].sort((a, b) => a - b);
        const ticks = niceTicks(...ends, along ? 0 : 1);
        for (const { part, before } of parts) {
          if (!panel.view) { part.replaceChildren(...before); continue; }
          part.replaceChildren(...ticks.map(([value, text]) => {
            const tick = before[0].cloneNode(true);
            const [x, y] = pair(tick.getAttribute('transform'));
            const place = move(scale.place(value), scale.place(value))[along];
            const label = tick.tagName === 'text';
            tick.setAttribute('transform', 'translate(' + (along ? [x, place + (label ? 3 : 0)] : [place, y]).join(',') + ')');
            if (label) { tick.textContent = text; if (!along) tick.setAttribute('text-anchor', 'middle'); }
            return tick;
          }));
        }
      });
    };

    const reset = document.createElement('button');
    reset.type = 'button';
    reset.className = 'reset';
    reset.textContent = resetText;
    reset.hidden = true;
    const tools = document.createElement('div');
    tools.className = 'tools';
    tools.append(reset);
    figure.append(tools);
    const all = () => {
      for (const panel of panels) { panel.view = null; draw(panel); }
      reset.hidden = true;
    };
    reset.addEventListener('click', all);
    figure.title = hint;

    for (const panel of panels) {
      const { pane, ruler, frame, width, height } = panel;
      let from = null;
      const local = (event) => {
        const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(pane.getScreenCTM().inverse());
        return [Math.max(0, Math.min(width, point.x)), Math.max(0, Math.min(height, point.y))];
      };
      pane.addEventListener('pointerdown', (event) => {
        if (event.button !== 0) return;
        if (event.pointerType === 'touch') {
          // A finger's drag scrolls; where it is put down it reads.
          tell(event, local(event)[0]);
          return;
        }
        from = local(event);
        pane.setPointerCapture(event.pointerId);
      });
      pane.addEventListener('pointermove', (event) => {
        const [x, y] = local(event);
        if (from) {
          const size = { x: Math.min(x, from[0]), y: Math.min(y, from[1]), width: Math.abs(x - from[0]), height: Math.abs(y - from[1]) };
          for (const [key, value] of Object.entries(size)) frame.setAttribute(key, value);
          frame.setAttribute('visibility', 'visible');
        }
        tell(event, x);
      });
      pane.addEventListener('pointerup', (event) => {
        if (!from) return;
        const to = local(event);
        const [a, b] = [0, 1].map((i) => [from[i], to[i]].sort((p, q) => p - q));
        from = null;
        frame.setAttribute('visibility', 'hidden');
        if (a[1] - a[0] < 8 || b[1] - b[0] < 8) return;
        const [x0, x1, y0, y1] = panel.view || whole(panel);
        const along = (place, low, high, size) => low + (place * (high - low)) / size;
        const [left, right] = a.map((place) => along(place, x0, x1, width));
        // The same epochs in all panels, the values of this one.
        for (const other of panels) {
          const [, , top, bottom] = other.view || whole(other);
          const own = other === panel ? b.map((place) => along(place, y0, y1, height)) : [top, bottom];
          other.view = [left, right, ...own];
          draw(other);
        }
        reset.hidden = false;
      });
      pane.addEventListener('pointercancel', () => { from = null; frame.setAttribute('visibility', 'hidden'); });
      pane.addEventListener('dblclick', all);
      pane.addEventListener('pointerleave', () => ruler.setAttribute('visibility', 'hidden'));
      const tell = (event, x) => {
        const move = placed(panel);
        const shown = panel.lines.filter(({ line }) => line.style.display !== 'none');
        const places = shown.flatMap(({ points }) => points.map(([px, py]) => [move(px, py)[0], px])).filter(([place]) => place >= -0.5 && place <= width + 0.5);
        if (places.length === 0) { ruler.setAttribute('visibility', 'hidden'); return; }
        const [place, at] = places.reduce((a, b) => (Math.abs(b[0] - x) < Math.abs(a[0] - x) ? b : a));
        ruler.setAttribute('x1', place);
        ruler.setAttribute('x2', place);
        ruler.setAttribute('visibility', 'visible');
        const values = shown.flatMap(({ line, points }) => {
          const point = points.find(([px]) => Math.abs(px - at) < 0.01);
          return point ? [[names.get(colourOf(line)) || '', panel.axes[1].scale.value(point[1])]] : [];
        });
        showTip(event, [String(Math.round(panel.axes[0].scale.value(at))), ...values.map(([name, value]) => (name ? name + ': ' : '') + Number(value.toPrecision(4)))].join('\\n'));
      };
    }
  });
})();
`;
