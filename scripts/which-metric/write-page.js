// npm run which-metric: simulates the poster's experiments with each metric and writes docs/which-metric.md with its pictures.
import {mkdir, writeFile} from 'node:fs/promises';
import {basename} from 'node:path';
import process from 'node:process';
import {drawSvg} from '../../build/src/report/drawing/draw-svg.js';
import {listShippedExperiments} from '../../build/src/store/disk/package.js';
import {compareMetrics} from './compare-metrics.js';
import {whichMetricPage} from './page.js';
import {metricPicture} from './picture.js';

const docs = new URL('../../docs/', import.meta.url);
const pictures = new URL('pictures/which-metric/', docs);

await mkdir(pictures, {recursive: true});
const results = [];
for (const path of listShippedExperiments()) {
	const name = basename(path, '.yaml');
	const metrics = await compareMetrics(path);
	const {experiment} = metrics[0].chosen;
	results.push({name, description: experiment.description, metrics});
	await writeFile(new URL(`${name}.svg`, pictures), await drawSvg(metricPicture(name, experiment, metrics)));
	process.stderr.write(`${name}\n`);
}

await writeFile(new URL('which-metric.md', docs), whichMetricPage(results));
