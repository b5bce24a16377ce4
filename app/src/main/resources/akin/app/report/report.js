'use strict';
(() => {
  const root = document.documentElement;
  root.classList.add('scripted');
  document.querySelectorAll('figure.chart details').forEach((d) => (d.open = false));

  const colour = (name) => getComputedStyle(root).getPropertyValue(name).trim();
  const percent = (v) => Math.round(v * 1000) / 10 + ' %';
  const whole = (values) => values.every((v) => Number.isInteger(v));

  function axis(text, more) {
    return {
      title: { display: !!text, text: text, color: colour('--soft') },
      ticks: { color: colour('--soft'), ...(more && more.ticks) },
      grid: { color: colour('--line'), ...(more && more.grid) },
      ...(more && more.scale),
    };
  }

  function common(spec, x) {
    return {
      responsive: true,
      maintainAspectRatio: false,
      animation: false,
      normalized: true,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      scales: { x },
      plugins: {
        legend: {
          display: spec.series.length > 1,
          labels: { color: colour('--ink'), boxWidth: 18, boxHeight: 3 },
        },
      },
    };
  }

  function lines(spec) {
    const xs = spec.series.flatMap((s) => s.x);
    const room = Math.min(...xs) === Math.max(...xs) ? 0.5 : 0; // one epoch: its points in the middle
    const x = axis(spec.x, {
      scale: { type: 'linear', min: Math.min(...xs) - room, max: Math.max(...xs) + room },
    });
    if (whole(xs)) x.ticks.precision = 0;
    const options = common(spec, x);
    options.scales.y = axis(spec.y, { scale: spec.share ? { min: 0, max: 1 } : {} });
    if (spec.series.some((s) => s.second)) {
      options.scales.y2 = axis(spec.y2, {
        scale: { position: 'right' },
        grid: { display: false },
        ticks: { callback: (v) => String(Number(v.toPrecision(3))) },
      });
    }
    return {
      type: 'line',
      options,
      data: {
        datasets: spec.series.map((s, i) => ({
          label: s.name,
          data: s.x.map((v, k) => ({ x: v, y: s.y[k] })),
          yAxisID: s.second ? 'y2' : 'y',
          borderColor: colour('--c' + (i % 6)),
          backgroundColor: colour('--c' + (i % 6)),
          borderWidth: 2,
          borderDash: s.second ? [6, 4] : [],
          pointRadius: s.x.length > 40 ? 0 : 2.5,
          spanGaps: true,
          clip: 4,
        })),
      },
    };
  }

  function shares(spec) {
    const few = spec.at.length <= 40;
    const x = axis(spec.x, few ? { scale: { stacked: true }, grid: { display: false } }
                               : { scale: { type: 'linear', min: spec.at[0], max: spec.at.at(-1) } });
    const options = common(spec, x);
    options.scales.y = axis('', { scale: { stacked: true, min: 0, max: 1 }, ticks: { callback: percent } });
    options.interaction.mode = 'index';
    options.plugins.tooltip = { callbacks: { label: (c) => c.dataset.label + ' ' + percent(c.parsed.y) } };
    return {
      type: few ? 'bar' : 'line',
      options,
      data: {
        labels: spec.at,
        datasets: spec.series.map((s, i) => ({
          label: s.name,
          data: few ? s.y : s.y.map((v, k) => ({ x: spec.at[k], y: v })),
          backgroundColor: colour('--share' + (i % 3)),
          borderColor: colour('--share' + (i % 3)),
          borderWidth: few ? 0 : 1,
          pointRadius: 0,
          fill: true,
          categoryPercentage: 0.9,
          barPercentage: 1,
        })),
      },
    };
  }

  let charts = [];
  function draw() {
    charts.forEach((c) => c.destroy());
    charts = [...document.querySelectorAll('figure.chart')].map((figure) => {
      const spec = JSON.parse(figure.querySelector('script').textContent);
      return new Chart(figure.querySelector('canvas'), spec.at ? shares(spec) : lines(spec));
    });
  }
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  draw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  // Paper is white whatever the screen is.
  addEventListener('beforeprint', () => { root.classList.add('printing'); draw(); });
  addEventListener('afterprint', () => { root.classList.remove('printing'); draw(); });
})();
