'use strict';
const trace = JSON.parse(document.getElementById('trace').textContent);
const find = id => document.getElementById(id);
const LANES = 32;
const steps = trace.steps;
let at = 0;
let timer = null;

// ---- what does not change ----

find('name').textContent = trace.kernel;
find('what').textContent = trace.what;
find('launch').textContent = trace.launch;
find('file').textContent = trace.file;
find('slider').max = steps.length - 1;

function list(place, lines, decorate) {
  const rows = new Map();
  for (const line of lines) {
    const row = document.createElement('li');
    row.dataset.n = line.number;
    decorate(row, line.text);
    find(place).append(row);
    rows.set(line.number, row);
  }
  return rows;
}

const sourceRows = list('source', trace.source, (row, text) => {
  const comment = /^\s*(\/\/|\/?\*)/.test(text);
  const part = document.createElement(comment ? 'i' : 'span');
  part.textContent = text || ' ';
  row.append(part);
});

const ptxRows = list('ptx', trace.ptx, (row, text) => {
  const match = /^(\s*)(@!?%\S+\s+)?([a-z][\w.]*)(.*)$/.exec(text);
  if (!match || text.trim().endsWith(':')) {
    row.className = 'label';
    row.textContent = text;
    return;
  }
  const guard = document.createElement('i');
  guard.textContent = match[1] + (match[2] || '');
  const opcode = document.createElement('b');
  opcode.textContent = match[3];
  row.append(guard, opcode, match[4]);
});

const dots = Array.from({length: LANES}, (_, lane) => {
  const dot = document.createElement('span');
  dot.textContent = lane;
  find('mask').append(dot);
  return dot;
});

/** For each register the steps that wrote it, and what every lane held after them. */
const history = new Map();
steps.forEach((step, i) => step.written.forEach(w => {
  if (!history.has(w.name)) history.set(w.name, []);
  history.get(w.name).push({step: i, lanes: w});
}));

/** Sums over the steps up to each one. */
const totals = [];
{
  let sum = {steps: 0, lanes: 0, sectors: 0, least: 0, turns: 0, shared: 0, uneven: 0};
  for (const step of steps) {
    const a = step.access;
    sum = {...sum, steps: sum.steps + 1, lanes: sum.lanes + ones(step.active)};
    if (step.active !== step.live) sum.uneven++;
    if (a && a.space === 'global') { sum.sectors += a.cost; sum.least += a.least; }
    if (a && a.space === 'shared') { sum.turns += a.cost; sum.shared += a.least; }
    totals.push(sum);
  }
}

function ones(mask) {
  let n = 0;
  for (let m = mask >>> 0; m; m &= m - 1) n++;
  return n;
}

const on = (mask, lane) => (mask >>> lane & 1) === 1;

// ---- one step ----

function show(step) {
  at = Math.max(0, Math.min(steps.length - 1, step));
  const now = steps[at];
  find('slider').value = at;
  find('place').textContent = `step ${at + 1} of ${steps.length}` + (trace.cut ? ' +' : '');
  mark(sourceRows, now.source);
  mark(ptxRows, now.line);
  dots.forEach((dot, lane) => {
    dot.className = on(now.active, lane) ? 'on' : on(now.live, lane) ? '' : 'gone';
  });
  find('count').textContent = `${ones(now.active)} of ${LANES}`;
  access(now);
  registers(now);
  counters(totals[at]);
}

function mark(rows, number) {
  rows.forEach(row => row.classList.remove('here'));
  const row = rows.get(number);
  if (row) {
    row.classList.add('here', 'seen');
    const box = row.parentNode;
    const top = row.offsetTop - box.offsetTop;
    if (top < box.scrollTop + 40 || top > box.scrollTop + box.clientHeight - 80) {
      box.scrollTop = top - box.clientHeight / 3;
    }
  }
}

function registers(now) {
  const place = find('registers');
  place.replaceChildren();
  const written = new Set(now.written.map(w => w.name));
  for (const w of now.written) place.append(register(w, now, true));
  for (const name of now.read) {
    const before = (history.get(name) || []).filter(h => h.step < at).pop();
    if (before && !written.has(name)) place.append(register(before.lanes, now, false));
  }
  if (!place.children.length) place.textContent = 'This step neither reads nor writes any.';
}

function register(lanes, now, written) {
  const box = document.createElement('div');
  box.className = written ? 'register written' : 'register';
  const title = document.createElement('h3');
  const note = document.createElement('span');
  title.textContent = lanes.name + ' ';
  note.textContent = written ? (lanes.rule ? '= ' : 'written') : (lanes.rule ? 'is ' : 'read');
  title.append(note);
  box.append(title);
  if (lanes.rule) {
    title.append(lanes.rule);
    return box;
  }
  const grid = document.createElement('div');
  grid.className = lanes.values.some(value => short(value).length > 10) ? 'values long' : 'values';
  lanes.values.forEach((value, lane) => {
    const cell = document.createElement('span');
    cell.textContent = short(value);
    cell.title = `lane ${lane}: ${value}`;
    if (!on(now.active, lane)) cell.className = 'off';
    grid.append(cell);
  });
  box.append(grid);
  return box;
}

/** A number in up to eight signs; the whole one is shown where the mouse rests. */
function short(value) {
  if (value.length <= 7 || !/^-?\d*\.\d+(E-?\d+)?$/.test(value)) return value;
  const number = Number(value);
  const size = Math.abs(number);
  return size >= 1e-3 && size < 1e5 ? number.toPrecision(5) : number.toExponential(2);
}

function counters(sum) {
  const rows = [
    ['instructions', sum.steps],
    ['lanes at work', Math.round(100 * sum.lanes / (LANES * sum.steps)) + ' %'],
    ['global sectors / least', `${sum.sectors} / ${sum.least}`],
    ['shared turns / least', `${sum.turns} / ${sum.shared}`],
  ];
  find('counters').replaceChildren(...rows.map(([name, value]) => {
    const row = document.createElement('div');
    const term = document.createElement('dt');
    const number = document.createElement('dd');
    term.textContent = name;
    number.textContent = value;
    row.append(term, number);
    return row;
  }));
}

// ---- memory, drawn ----

const SVG = 'http://www.w3.org/2000/svg';

function draw(kind, attributes, text) {
  const e = document.createElementNS(SVG, kind);
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
  if (text !== undefined) e.textContent = text;
  find('picture').append(e);
  return e;
}

function access(now) {
  const a = now.access;
  find('memory').classList.toggle('quiet', !a);
  find('picture').replaceChildren();
  if (!a) {
    find('access').textContent = 'Memory: not touched by this step';
    find('verdict').textContent = '';
    return;
  }
  find('access').textContent = `${a.what}: ${a.bytes} bytes a lane`;
  const width = find('picture').clientWidth || 560;
  const height = find('picture').clientHeight || 140;
  find('picture').setAttribute('viewBox', `0 0 ${width} ${height}`);
  const lanes = Array.from({length: LANES}, (_, i) => (i + 0.5) * width / LANES);
  if (a.space === 'global') sectors(a, lanes, width, height);
  else if (a.space === 'shared') banks(a, lanes, width, height);
  lanes.forEach((x, lane) => {
    draw('circle', {cx: x, cy: 8, r: Math.min(7, width / 75), class: a.addresses[lane] === null ? 'idle' : 'lane'});
  });
}

function verdict(text, good) {
  find('verdict').textContent = text;
  find('verdict').className = good ? 'good' : 'bad';
}

/** Lanes above, the sectors of 32 bytes that they touch below, in the order of their addresses. */
function sectors(a, lanes, width, height) {
  const SECTOR = 32;
  const touched = new Set();
  a.addresses.forEach(address => {
    if (address === null) return;
    for (let s = Math.floor(address / SECTOR); s <= Math.floor((address + a.bytes - 1) / SECTOR); s++) touched.add(s);
  });
  const order = [...touched].sort((x, y) => x - y);
  const gaps = order.filter((s, i) => i > 0 && s !== order[i - 1] + 1).length;
  const gap = gaps ? Math.min(14, width / 4 / gaps) : 0;
  const box = Math.min((width - gaps * gap) / Math.max(1, order.length), 150);
  const used = box * order.length + gaps * gap;
  const top = height - 42;
  const left = new Map();
  let x = (width - used) / 2;
  order.forEach((s, i) => {
    if (i > 0 && s !== order[i - 1] + 1) x += gap;
    left.set(s, x);
    draw('rect', {x, y: top, width: Math.max(1, box - 1), height: 22, class: 'box', rx: 2});
    x += box;
  });
  const spot = address => left.get(Math.floor(address / SECTOR)) + (address % SECTOR) / SECTOR * (box - 1);
  a.addresses.forEach((address, lane) => {
    if (address === null) return;
    const from = spot(address);
    const wide = Math.max(1.5, (box - 1) * Math.min(a.bytes, SECTOR) / SECTOR - 1);
    draw('rect', {x: from + 0.5, y: top + 1, width: wide, height: 20, class: 'word'});
    draw('line', {x1: lanes[lane], y1: 14, x2: from + wide / 2, y2: top, class: 'wire'});
  });
  if (order.length) {
    draw('text', {x: left.get(order[0]), y: height - 5}, hex(order[0] * SECTOR));
    draw('text', {x: width - 2, y: height - 5, 'text-anchor': 'end'},
        order.length === 1 ? 'a sector of 32 bytes' : `${order.length} sectors of 32 bytes`);
  }
  const good = a.cost <= a.least;
  verdict(`${a.cost} sector${a.cost === 1 ? '' : 's'} moved, ${a.least} needed` + (good ? ' ✓' : `: × ${(a.cost / a.least).toFixed(1)}`), good);
}

/** Lanes above, the 32 banks below; different words in one bank are served one after the other. */
function banks(a, lanes, width, height) {
  const top = height - 42;
  const words = Array.from({length: LANES}, () => new Set());
  a.addresses.forEach(address => {
    if (address === null) return;
    for (let b = 0; b < a.bytes; b += 4) {
      const word = Math.floor((address + b) / 4);
      words[word % LANES].add(word);
    }
  });
  const box = width / LANES;
  words.forEach((set, bank) => {
    draw('rect', {x: bank * box, y: top, width: box - 1, height: 22, class: 'box', rx: 2});
    if (set.size) {
      draw('rect', {x: bank * box + 1, y: top + 1, width: box - 3, height: 20,
        class: set.size > 1 && a.cost > a.least ? 'clash' : 'word'});
      draw('text', {x: (bank + 0.5) * box, y: top + 15, 'text-anchor': 'middle'}, set.size);
    }
    if (bank % 4 === 0) draw('text', {x: (bank + 0.5) * box, y: height - 5, 'text-anchor': 'middle'}, bank);
  });
  a.addresses.forEach((address, lane) => {
    if (address === null) return;
    const bank = Math.floor(address / 4) % LANES;
    const across = Math.min(a.bytes / 4, LANES - bank) / 2;
    draw('line', {x1: lanes[lane], y1: 14, x2: (bank + Math.max(0.5, across)) * box, y2: top, class: 'wire'});
  });
  const good = a.cost <= a.least;
  verdict(`${a.cost} turn${a.cost === 1 ? '' : 's'} of the 32 banks, ${a.least} needed` + (good ? ' ✓' : ': a bank conflict'), good);
}

const hex = n => '0x' + n.toString(16);

// ---- how one goes through it ----

function nextWhere(wanted, by) {
  for (let i = at + by; i >= 0 && i < steps.length; i += by) if (wanted(steps[i], i)) return i;
  return by > 0 ? steps.length - 1 : 0;
}

function line(by) {
  const here = steps[at].source;
  show(nextWhere(step => step.source !== here, by));
}

function run(going) {
  clearInterval(timer);
  timer = going ? setInterval(() => at + 1 < steps.length ? show(at + 1) : run(false), 250) : null;
  find('play').textContent = going ? '⏸ stop' : '▶ run';
}

function grow(factor) {
  const root = document.documentElement;
  const size = parseFloat(getComputedStyle(root).fontSize) * factor;
  root.style.setProperty('--size', Math.max(10, Math.min(32, size)) + 'px');
  show(at);
}

const KEYS = {
  ArrowRight: () => show(at + 1),
  ArrowLeft: () => show(at - 1),
  ArrowDown: () => line(1),
  ArrowUp: () => line(-1),
  PageDown: () => show(at + 10),
  PageUp: () => show(at - 10),
  Home: () => show(0),
  End: () => show(steps.length - 1),
  m: () => show(nextWhere(step => step.access, 1)),
  b: () => show(nextWhere((step, i) => step.active !== steps[i - 1].active, 1)),
  ' ': () => run(!timer),
  '+': () => grow(1.1),
  '-': () => grow(1 / 1.1),
};

document.addEventListener('keydown', event => {
  const act = KEYS[event.key] || KEYS[event.key.toLowerCase()];
  if (act && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    act();
  }
});
find('slider').addEventListener('input', () => show(Number(find('slider').value)));
find('back').addEventListener('click', () => show(at - 1));
find('next').addEventListener('click', () => show(at + 1));
find('play').addEventListener('click', () => run(!timer));
window.addEventListener('resize', () => show(at));
show(Number(location.hash.slice(1)) - 1 || 0);
