import {readFile} from 'node:fs/promises';

/** Figures that are shown, by name in a comparison; `share`: as a fraction of the measured mean. */
const shown = [
	{name: 'p95', label: '95th percentile of latency, where no timeout cuts it off', unit: 'share'},
	{name: 'meanLatency', label: 'mean latency', unit: 'share'},
	{name: 'cpuUtilization', label: 'CPU utilization', unit: 'share'},
	{name: 'podHours', label: 'pod-hours, which the cost follows', unit: 'share'},
	{name: 'replicasMeanAbsoluteError', label: 'replicas, averaged over time', unit: 'pods'},
	{name: 'scaleLag', label: 'time of a scaling decision', unit: 's'},
];

/** Reads the report of `replicast validate` that comes with the repository. */
export async function readValidation() {
	return JSON.parse(
		await readFile(new URL('../../reports/validation/validation.json', import.meta.url), {encoding: 'utf8'}),
	);
}

/**
 * Errors of the forecast in runs that no model was fitted to: of each figure the median and the largest over the
 * experiments, and in how many of them it is shown to be within its goal.
 *
 * @param validation - as in `validation.json`
 */
export function validationFigures({experiments, goals}) {
	const judged = experiments.filter(({outOfSample}) => outOfSample !== null);
	const elsewhere = judged.filter(({campaign}) => campaign === undefined);
	const verdicts = judged.map(({verdict}) => verdict);
	const count = wanted => verdicts.filter(verdict => verdict === wanted).length;
	return {
		runs: judged.flatMap(({records}) => records.filter(({standing}) => standing.role !== 'calibration')).length,
		experiments: new Set(judged.map(({hash}) => hash)).size,
		comparisons: judged.length,
		valid: count('VALID'),
		notValid: count('NOT VALID'),
		cannotSay: count('CANNOT SAY'),
		figures: shown.map(figure => figureOf(figure, judged, goals)),
		probed: probedOf(elsewhere),
		calibrated: calibratedOf(judged.filter(({campaign}) => campaign !== undefined)),
	};
}

/** Figures of a paragraph, by name in a comparison. */
const told = [
	['replicasMeanAbsoluteError', 'replicas', 'pods'],
	['podHours', 'pod-hours', 'share'],
	['p95', '95th percentile of latency', 'share'],
];

/** Median and largest error of the told figures over comparisons. */
function toldFigures(comparisons) {
	return told.flatMap(([name, label, unit]) => {
		const sizes = comparisons
			.flatMap(figures => figures[name] ?? [])
			.filter(({error}) => error !== null)
			.map(({error, relativeError}) => Math.abs(unit === 'share' ? relativeError : error.value))
			.sort((a, b) => a - b);
		return sizes.length === 0
			? []
			: [{name, label, unit, median: rounded(middle(sizes)), worst: rounded(sizes.at(-1))}];
	});
}

const middle = sizes => (sizes[Math.floor((sizes.length - 1) / 2)] + sizes[Math.ceil((sizes.length - 1) / 2)]) / 2;

/** Errors of the forecast where a campaign calibrated on the machine that it measured, beside those by the models of the files. */
function calibratedOf(campaigns) {
	return campaigns.length === 0
		? undefined
		: {
				experiments: new Set(campaigns.map(({hash}) => hash)).size,
				campaigns: new Set(campaigns.map(({campaign}) => campaign.folder)).size,
				runs: campaigns.flatMap(({records}) => records.filter(({standing}) => standing.role === 'judge')).length,
				figures: toldFigures(campaigns.map(({outOfSample}) => outOfSample.figures)),
				without: toldFigures(campaigns.map(({campaign}) => campaign.withoutCalibration.figures)),
			};
}

/**
 * Errors of the simulator at the speed that probes measured in each run: the times of the probes in parts of the calibrated ones, and of
 * each figure the median and the largest error over the experiments; undefined where no run has probes.
 */
function probedOf(judged) {
	const probed = judged.filter(({outOfSample: {judgements}}) => judgements?.simulator.speed === 'measured');
	if (probed.length === 0) {
		return undefined;
	}

	const factors = probed.map(({outOfSample: {judgements}}) => judgements.calibration.factor);
	return {
		experiments: probed.length,
		factors: [Math.min(...factors), Math.max(...factors)].map(rounded),
		figures: toldFigures(probed.map(({outOfSample: {judgements}}) => judgements.simulator.figures)),
	};
}

function figureOf({name, label, unit}, judged, goals) {
	const errors = judged
		.filter(({outOfSample: {cutOff}}) => !cutOff.some(({figure}) => figure === name)) // a timeout says nothing of the error
		.flatMap(({name: experiment, outOfSample: {figures}}) => {
			const {error = null, measured = null} = figures[name] ?? {};
			const basis = unit === 'share' ? Math.abs(measured?.mean ?? 0) : 1;
			return error === null || !(basis > 0) ? [] : [{experiment, size: Math.abs(error.value) / basis}];
		})
		.sort((a, b) => a.size - b.size);
	if (errors.length === 0) {
		throw new Error(`Expected reports/validation/validation.json to hold ${name}, got none`);
	}

	const goal = goals.find(
		({figure, limit, name: goalName}) => figure === name && limit !== null && goalName !== 'skill',
	);
	return {
		name,
		label,
		unit,
		median: rounded(middle(errors.map(({size}) => size))),
		worst: rounded(errors.at(-1).size),
		worstIn: errors.at(-1).experiment,
		experiments: errors.length,
		goal:
			goal === undefined
				? null
				: {limit: goal.limit, metBy: goal.experiments.met.length, of: Object.values(goal.experiments).flat().length},
	};
}

const rounded = value => Number(value.toPrecision(6));
