// The whole model: a day of 50 requests/s, pods, queue, metric pipeline and HPA included; simulated requests a second.
import {performance} from 'node:perf_hooks';
import {fileURLToPath} from 'node:url';
import {readExperiment} from '../dist/files/read-experiment.js';
import {replicate} from '../dist/forecast/forecast.js';

const experiment = await readExperiment(fileURLToPath(new URL('day-of-50-per-second.yaml', import.meta.url)), {});
replicate({...experiment, duration: 3600}, 0, {record: false}); // compiles
const start = performance.now();
const {dynamic} = replicate(experiment, 0, {record: false});
const seconds = (performance.now() - start) / 1000;
const {arrived} = dynamic.requests.requests;
console.log(
	`full model, a day of 50 requests/s: ${seconds.toFixed(1)} s, ${(arrived / seconds / 1000).toFixed(0)} thousand requests/s, ` +
		`${(dynamic.eventCount / seconds / 1e6).toFixed(2)} million events/s, drawing and hashing the schedule included`,
);
