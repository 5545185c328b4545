import {join} from 'node:path';
import test from 'ava';
import {replicate} from '../../src/forecast/replicate.ts';
import {summarize} from '../../src/forecast/summarize.ts';
import {unitRows} from '../../src/report/tables/economics-rows.ts';
import {forecastRows} from '../../src/report/tables/forecast-rows.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';

const file = join('experiments', 'services', 'web-service.yaml');

test('a web service has a forecast without a row of tokens, with the cost of 1,000 requests', async t => {
	const experiment = await readExperiment(file, {replications: 2, set: ['duration=10m', 'warmup=1m']});
	const summary = summarize(
		experiment,
		[0, 1].map(replication => replicate(experiment, replication, {record: false})),
	);
	const labels = [...forecastRows(summary), ...unitRows(summary)].map(([label]) => label);
	t.deepEqual(
		labels.filter(label => label?.includes('token')),
		[],
	);
	t.true(labels.includes('cost per 1,000 requests'));
	t.true(summary.dynamic.requests.completed > 10_000);
});

test('faults between what requests bring and what serves them are named at their place', async t => {
	const refused = async (set: readonly string[], message: RegExp) => {
		await t.throwsAsync(readExperiment(file, {set}), {message});
	};
	await refused(['workload.requests={}'], /Expected workload to be given the work of a request/);
	await refused(['workload.requests.promptTokens={distribution: constant, value: 3}'], /cpuSeconds to be alone/);
	await refused(['workload.requests={promptTokens: {distribution: constant, value: 3}}'], /knows no tokens/);
	await refused(['deployment.service={distribution: constant, value: 1s}'], /the path of a ServerModel/);
	await refused(['deployment.llm={parallel: 3}'], /deployment\.llm\.parallel to be left out/);
	await refused(['deployment.waiting={at: proxy}'], /deployment\.waiting\.connections/);
	await refused(['deployment.waiting={at: everywhere}'], /deployment\.waiting\.at/);
});
