// Replications a second on one core and on two, as `replicast run` plays them: threads are started and the results sent back.
import {readExperiment} from '../../dist/files/read-experiment.js';
import {replicateAll} from '../../dist/parallel/replicate-all.js';
import {interleave, ratio, spread, timed} from '../measure.js';
import {experimentFile} from './full-model.js';

export async function replications({quick}) {
	const whole = await readExperiment(experimentFile('half-hour'), {});
	const count = quick ? 4 : 160;
	const experiment = {...whole, replications: count, ...(quick && {duration: 120})};
	const rate = async workers => {
		const {seconds} = await timed(async () => {
			for await (const results of replicateAll([experiment], {workers})) {
				if (results.length !== count) {
					throw new Error(`Expected ${count} replications, got ${results.length}`);
				}
			}
		});
		return count / seconds;
	};
	const rates = await interleave({oneCore: () => rate(1), twoCores: () => rate(2)}, quick ? 1 : 2);
	const [oneCore, twoCores] = [spread(rates.oneCore), spread(rates.twoCores)];
	return {
		experiment: experiment.name,
		replications: count,
		replicationsPerSecond: {oneCore, twoCores},
		ratios: {twoCoresToOne: ratio(twoCores, oneCore)},
	};
}
