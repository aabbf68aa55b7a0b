/**
 * What makes figures larger for a mouse, a keyboard or fingers: a button under each opens it over the whole window, where
 * buttons, keys (+ − 0), two fingers or Ctrl with the wheel zoom, scrolling moves, and Escape goes back.
 */
export const ENLARGE_SCRIPT = `
(() => {
  const { enlarge, zoomIn, zoomOut, close } = document.body.dataset;
  const button = (text, label) => {
    const made = document.createElement('button');
    made.type = 'button';
    made.textContent = text;
    made.setAttribute('aria-label', label);
    return made;
  };
  const dialog = document.createElement('dialog');
  const bar = document.createElement('div');
  bar.className = 'bar';
  const title = document.createElement('span');
  const [larger, smaller, shut] = [button('+', zoomIn), button('\\u2212', zoomOut), button('\\u00d7', close)];
  bar.append(title, smaller, larger, shut);
  const room = document.createElement('div');
  room.className = 'room';
  room.tabIndex = 0;
  dialog.append(bar, room);
  document.body.append(dialog);
  const place = document.createElement('div');
  const tip = document.getElementById('tip');
  let shown = null;
  let least = 0;
  let most = 0;

  const widthOf = () => shown.querySelector('svg').getBoundingClientRect().width;
  /** Sets the figure's width; what is at the point (of the window) stays there. */
  const resize = (width, x, y) => {
    const svg = shown.querySelector('svg');
    const before = svg.getBoundingClientRect();
    const to = Math.max(least, Math.min(most, width));
    svg.style.width = to + 'px';
    const after = svg.getBoundingClientRect();
    const ratio = to / before.width;
    room.scrollLeft += after.left + (x - before.left) * ratio - x;
    room.scrollTop += after.top + (y - before.top) * ratio - y;
    smaller.disabled = to <= least + 0.5;
    larger.disabled = to >= most - 0.5;
  };
  const middle = () => {
    const { left, top, width, height } = room.getBoundingClientRect();
    return [left + width / 2, top + height / 2];
  };
  const zoom = (factor) => resize(widthOf() * factor, ...middle());

  const open = (figure) => {
    const svg = figure.querySelector('svg');
    const { width, height } = svg.getBoundingClientRect();
    place.style.height = figure.getBoundingClientRect().height + 'px';
    figure.replaceWith(place);
    room.replaceChildren(figure);
    shown = figure;
    title.textContent = figure.getAttribute('aria-label');
    dialog.setAttribute('aria-label', title.textContent);
    dialog.append(tip);
    dialog.showModal();
    const space = { width: room.clientWidth - 16, height: room.clientHeight - 16 };
    least = Math.min(space.width, (space.height * width) / height);
    most = Math.max(least, width) * 6;
    // All of it where that is larger already, as on a desktop.
    resize(least >= width * 1.2 ? least : width * 1.5, 0, 0);
    room.scrollTo(0, 0);
    room.focus();
  };
  dialog.addEventListener('close', () => {
    const figure = shown;
    shown = null;
    figure.querySelector('svg').style.width = '';
    place.replaceWith(figure);
    tip.hidden = true;
    document.body.append(tip);
    figure.querySelector('.enlarge').focus();
  });
  shut.addEventListener('click', () => dialog.close());
  larger.addEventListener('click', () => zoom(1.4));
  smaller.addEventListener('click', () => zoom(1 / 1.4));
  dialog.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '+' || event.key === '=') zoom(1.4);
    else if (event.key === '-') zoom(1 / 1.4);
    else if (event.key === '0') zoom(0);
    else return;
    event.preventDefault();
  });
  room.addEventListener('wheel', (event) => {
    // A touchpad's two fingers come as a wheel with Ctrl.
    if (!event.ctrlKey) return;
    event.preventDefault();
    resize(widthOf() * Math.exp(-event.deltaY / 200), event.clientX, event.clientY);
  }, { passive: false });
  let pinch = null;
  const fingers = ({ touches: [a, b] }) => ({ apart: Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY), x: (a.clientX + b.clientX) / 2, y: (a.clientY + b.clientY) / 2 });
  room.addEventListener('touchstart', (event) => {
    if (event.touches.length !== 2) return;
    event.preventDefault();
    pinch = { apart: fingers(event).apart, width: widthOf() };
  }, { passive: false });
  room.addEventListener('touchmove', (event) => {
    if (!pinch || event.touches.length !== 2) return;
    event.preventDefault();
    const { apart, x, y } = fingers(event);
    resize((pinch.width * apart) / pinch.apart, x, y);
  }, { passive: false });
  for (const name of ['touchend', 'touchcancel']) room.addEventListener(name, (event) => { if (event.touches.length < 2) pinch = null; });

  for (const figure of document.querySelectorAll('figure')) {
    const opener = button(enlarge, enlarge + ': ' + figure.getAttribute('aria-label'));
    opener.className = 'enlarge';
    opener.addEventListener('click', () => open(figure));
    const tools = figure.querySelector('.tools') || document.createElement('div');
    tools.className = 'tools';
    tools.prepend(opener);
    figure.append(tools);
  }
})();
`;
