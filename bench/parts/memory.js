// Peak memory of `replicast run` against the number of requests that it simulates.
import {runCommand} from '../run-command.js';
import {experimentFile} from './full-model.js';

const perSecond = 50;

export async function memory({quick}) {
	const sizes = quick ? [1000, 10_000] : [100_000, 1_000_000, 10_000_000];
	const runs = [];
	for (const size of sizes) {
		runs.push(await simulated(size));
	}

	return {runs};
}

/** One replication of the day's model, for as long as it takes to simulate about `size` requests. */
export async function simulated(size) {
	const words = [experimentFile('day'), '--set', `duration=${size / perSecond}s`, '--replications', '1'];
	const {summaries, seconds, peakBytes} = await runCommand(words);
	const [{dynamic}] = summaries;
	return {requests: dynamic.requests.arrived, seconds, peakBytes, p95Seconds: dynamic.latencySeconds.p95.mean};
}
