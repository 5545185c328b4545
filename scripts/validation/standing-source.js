import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {featuresOf} from '../../build/src/forecast/standing/features.js';
import {readExperiment} from '../../build/src/store/experiments/read-experiment.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The source of src/forecast/standing/validated.ts: what the validation found, and the parts that its experiments use. */
export async function standingSource({experiments}, {runs, experiments: count, figures}) {
	const judged = experiments.filter(({outOfSample}) => outOfSample !== null);
	const features = [];
	for (const {file, profile} of judged) {
		features.push(featuresOf(await readExperiment(join(root, file), profile === undefined ? {} : {profile})));
	}

	const errorsOf = wanted => {
		const {median, worst} = figures.find(({name}) => name === wanted);
		return {median, worst};
	};
	const isCutOff = ({cutOff}, name) => cutOff.some(({figure}) => figure === name); // it says nothing of the error
	const relative = (comparison, name) =>
		isCutOff(comparison, name) ? null : (comparison.figures[name]?.relativeError ?? null);
	const value = {
		runs,
		experiments: count,
		p95: errorsOf('p95'),
		podHours: errorsOf('podHours'),
		mostPods: Math.max(...features.map(({mostPods}) => mostPods)),
		seconds: Math.max(...features.map(({seconds}) => seconds)),
		used: [...new Set(features.flatMap(({used}) => used))].sort(),
		measured: [...new Map(judged.map(one => [one.hash, one])).values()].map(({hash, outOfSample, campaign}) => {
			// Who runs the experiment has the models of its file, and not those of the campaign's machine.
			const of = campaign?.withoutCalibration ?? outOfSample;
			return {hash, errors: {verdict: of.verdict, p95: relative(of, 'p95'), podHours: relative(of, 'podHours')}};
		}),
	};
	return `/** Findings of the validation, and the parts that its experiments use. Written by npm run docs. */\nexport const validated = ${literal(value)};\n`;
}

/** A value as Biome lays it out: a key a line, quotes single. */
function literal(value, tabs = '') {
	if (value === null || typeof value !== 'object') {
		return typeof value === 'string' ? `'${value}'` : String(value);
	}

	const inner = `${tabs}\t`;
	const lines = Array.isArray(value)
		? value.map(item => `${inner}${literal(item, inner)},\n`)
		: Object.entries(value).map(([key, item]) => `${inner}${key}: ${literal(item, inner)},\n`);
	const [open, close] = Array.isArray(value) ? '[]' : '{}';
	return `${open}\n${lines.join('')}${tabs}${close}`;
}
