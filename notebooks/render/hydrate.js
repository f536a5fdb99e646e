// Runs in the page: puts the interactive chart in the place of its picture, which stays where that fails.
async function hydrate() {
  const specs = JSON.parse(document.getElementById('specs').textContent);
  // Vega measures text on a canvas, which does not wait for a font.
  await Promise.all([document.fonts.load('12px Inter'), document.fonts.load('600 15px Inter')]);
  for (const plot of document.querySelectorAll('[data-chart]')) {
    await enliven(plot, specs[plot.dataset.chart]).catch(reportError);
  }
}

async function enliven(plot, spec) {
  const live = document.createElement('div');
  live.hidden = true;
  plot.append(live);
  await vegaEmbed(live, spec, {
    actions: { export: true, source: true, compiled: false, editor: false },
    // Expressions are walked and not compiled, so that the page needs no right to evaluate text.
    ast: true,
    downloadFileName: plot.dataset.chart,
    mode: 'vega-lite',
    renderer: 'svg',
    scaleFactor: { png: 2 },
  });
  live.hidden = false;
  plot.replaceChildren(live);
}

hydrate();
