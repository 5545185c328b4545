import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {mean} from 'simple-statistics';
import {serviceObservations} from '../../src/calibration/service-observations.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';
import {readRecord} from '../../src/store/records/read-record.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Mean logarithm of the times in service of a folder's records over those of the model. */
async function logarithmOf(folder: string, file: string, profile: string): Promise<number> {
	const experiment = await readExperiment(join(root, 'experiments', file), {profile});
	const {service} = experiment.deployment;
	if (service.kind !== 'work') {
		throw new Error('Expected a model of work');
	}

	const runs = (await readdir(join(root, 'reports', folder))).filter(name => name.startsWith('dynamic-'));
	const logarithms = await Promise.all(
		runs.map(async run => {
			const record = await readRecord(join(root, 'reports', folder, run));
			return mean(
				serviceObservations(record, experiment).map(({work, promptTokens, outputTokens}) =>
					Math.log(
						work / (service.perRequest + service.perPromptToken * promptTokens + service.perOutputToken * outputTokens),
					),
				),
			);
		}),
	);
	return mean(logarithms);
}

test('the spread between machines of the calibrated model is that of the two further machines in the records', async t => {
	const live = (candidate: string) =>
		logarithmOf(`tuned/cost-efficiency-bench/live/${candidate}`, 'cost-efficiency.yaml', 'bench');
	const queue = (name: string, profile = 'bench') =>
		logarithmOf(`measured/${name}-${profile}`, `queue/${name}.yaml`, profile);
	const slow = mean(await Promise.all(['present', '335ba8e74c2a', '7979f8a3ed5a'].map(live)));
	const fast = mean(
		await Promise.all([
			queue('in-flight'),
			queue('waiting-to-zero'),
			queue('cpu-or-queue'),
			queue('cpu-or-queue', 'bench-queue'),
		]),
	);
	t.is(Math.exp(slow).toFixed(2), '1.55');
	t.is(Math.exp(fast).toFixed(2), '0.64');
	const {service} = (await readExperiment(join(root, 'experiments/spike.yaml'), {profile: 'bench'})).deployment;
	const {betweenMachines} = (service.kind === 'work' && service.variation) || {};
	t.is(betweenMachines, Number(Math.sqrt((slow ** 2 + fast ** 2) / 2).toFixed(2)));
});
