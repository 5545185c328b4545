// Runs that take minutes, each by its name: a year of cost-efficiency, a week of vLLM, a day of nodes, a hundred million requests.
import {readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseDocument} from 'yaml';
import {withFolder} from '../machine.js';
import {runCommand} from '../run-command.js';
import {simulated} from './memory.js';

const file = fileURLToPath(new URL('../../experiments/cost-efficiency.yaml', import.meta.url));
const weekFile = fileURLToPath(new URL('../experiments/engine-week.yaml', import.meta.url));
const nodesFile = fileURLToPath(new URL('../experiments/day-of-nodes.yaml', import.meta.url));
const day = 24;

/** 365 days in a row at the rates of cost-efficiency's day, both arms, in one `replicast run`. */
export async function year({quick}) {
	const days = quick ? 2 : 365;
	return withFolder(async folder => {
		const path = join(folder, 'year.yaml');
		writeFileSync(path, yearOf(days));
		const {summaries, seconds, peakBytes} = await runCommand([path, '--replications', '1']);
		const [{dynamic, fixed}] = summaries;
		const requests = dynamic.requests.arrived + fixed.requests.arrived;
		return {experiment: 'cost-efficiency', days, arms: 2, requests, seconds, peakBytes};
	});
}

/** A day with autoscalers of pods and of nodes, in one `replicast run`. */
export async function nodes({quick}) {
	const words = [nodesFile, '--replications', '1', '--prediction-runs', '0'];
	const {summaries, seconds, peakBytes} = await runCommand([...words, ...(quick ? ['--set', 'duration=30m'] : [])]);
	const [{dynamic, nodes: made}] = summaries;
	return {requests: dynamic.requests.arrived, mostPods: dynamic.replicas.max, mostNodes: made.most, seconds, peakBytes};
}

/** A week of a million requests on pods of vLLM with an autoscaler, in one `replicast run`. */
export async function week({quick}) {
	const words = [weekFile, '--replications', '1', '--prediction-runs', '0'];
	const {summaries, seconds, peakBytes} = await runCommand([...words, ...(quick ? ['--set', 'duration=30m'] : [])]);
	const [{dynamic}] = summaries;
	return {requests: dynamic.requests.arrived, mostPods: dynamic.replicas.max, seconds, peakBytes};
}

/** The experiment with its day's points repeated; the last point of a day is the first of the next. */
function yearOf(days) {
	const document = parseDocument(readFileSync(file, 'utf8'));
	const points = document.getIn(['workload', 'arrivals', 'rate']).toJSON().slice(0, -1);
	const rate = Array.from({length: days}, (_, number) =>
		points.map(({at, perSecond}) => ({at: `${Number.parseFloat(at) + number * day}h`, perSecond})),
	);
	document.setIn(['duration'], `${days * day}h`);
	document.setIn(['workload', 'arrivals', 'rate'], rate.flat());
	document.delete('profiles');
	return document.toString().replaceAll('../', join(dirname(file), '../'));
}

export async function hundredMillion({quick}) {
	return simulated(quick ? 20_000 : 100_000_000);
}
