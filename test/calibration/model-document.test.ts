import test from 'ava';
import {fewest, fitCalibration} from '../../src/calibration/fit-calibration.ts';
import {
	type ModelDocument,
	metricsDocument,
	serviceDocument,
	startupDocument,
} from '../../src/calibration/model-document.ts';
import {MetricsModelFile, ServiceModelFile, serviceModelOf} from '../../src/experiment/cluster-models.ts';
import {StartupModelFile} from '../../src/experiment/serving/startup-model.ts';
import {fullSpeedOf} from '../../src/experiment/threads.ts';
import {findModel} from '../../src/store/experiments/read-model.ts';
import {record, truth} from './records.ts';

const records = [0, 1].map(replication => record({}, replication));
const calibration = fitCalibration(records);
const provenance = (hash: string) => ({date: '2026-01-31', records: [hash], notes: 'A test.', isShort: false});
/** A shipped model as it was before anybody fitted it. */
const shipped = async (kind: string, name: string): Promise<ModelDocument> => {
	const {records: _, ...document} = (await findModel(kind, name, 'models')).document;
	return JSON.parse(JSON.stringify(document).replaceAll('Calibrated: ', 'Assumed: '));
};
const serviceOf = (base: ModelDocument, hash: string, fit = calibration) =>
	serviceDocument(base, {...fit, contextTokens: records[0]!.experiment.deployment.llm.contextLength}, provenance(hash));

test('fitted models are model files, and keep what was not fitted', async t => {
	const base = await shipped('ServiceModel', 'smollm2:135m');
	const document = serviceOf(base, 'ab');
	const model = serviceModelOf(ServiceModelFile.parse(document));
	t.true(model.kind === 'work' && Math.abs(model.perOutputToken / truth.perOutputToken - 1) < 0.05);
	t.is((document['memory'] as ModelDocument)['perContextToken'], (base['memory'] as ModelDocument)['perContextToken']);
	t.deepEqual(document['records'], ['ab']);
	t.is(document['date'], '2026-01-31');
	const startup = startupDocument(await shipped('StartupModel', 'startup-kind'), calibration, provenance('ab'));
	t.is(StartupModelFile.parse(startup).stages.modelLoad.distribution, 'empirical');
	const ofRecord = fullSpeedOf(records[0]!.experiment.deployment);
	t.is(StartupModelFile.parse(startup).modelLoadCores, ofRecord);
	const {startup: times} = calibration;
	const unseen = startupDocument(startup, {startup: {...times, modelLoad: []}}, provenance('ab'));
	t.is(StartupModelFile.parse(unseen).modelLoadCores, ofRecord, 'it goes with the loads that are kept');
	const mixed = startupDocument(startup, {startup: times}, provenance('ab'));
	t.is(StartupModelFile.parse(mixed).modelLoadCores, undefined, 'pods of several limits tell no one number');
	const metrics = metricsDocument(
		await shipped('MetricsModel', 'metrics-pipeline'),
		calibration.metrics,
		provenance('ab'),
	);
	t.is(MetricsModelFile.parse(metrics).sync.period, 15);
});

test('a fitted model says how its coefficients are uncertain together, and how the speed differs from run to run', async t => {
	const base = await shipped('ServiceModel', 'smollm2:135m');
	const published = {value: 0.5, unit: '1', source: 'Published.'};
	const uncertain = {...base, variation: {betweenRuns: {...published, value: 0.2}, betweenMachines: published}};
	const few = serviceModelOf(ServiceModelFile.parse(serviceOf(uncertain, 'ab')));
	t.true(few.kind === 'work' && few.spread!.isJoint);
	t.deepEqual(
		few.kind === 'work' && few.variation,
		{betweenRuns: 0.2},
		'two runs cannot tell, and the machine is known now',
	);
	const more = fitCalibration([0, 1, 2, 3].map(replication => record({}, replication)));
	const many = serviceModelOf(ServiceModelFile.parse(serviceOf(uncertain, 'ab', more)));
	t.true(many.kind === 'work' && many.variation!.betweenRuns! < 0.05, 'all were simulated at one speed');
	t.is(many.kind === 'work' ? many.variation!.runs : 0, 4);
});

test('a loaded container’s memory is its server, its context and its weights', async t => {
	const document = serviceOf(await shipped('ServiceModel', 'smollm2:135m'), 'ab');
	const {memory} = ServiceModelFile.parse(document);
	const {server, weights, perContextToken} = truth.memory;
	const {contextLength} = records[0]!.experiment.deployment.llm;
	const loaded = memory.server + memory.weights + memory.perContextToken * contextLength;
	t.true(Math.abs(loaded / (server + weights + perContextToken * contextLength) - 1) < 0.01);
});

test('an earlier calibration’s records stay named while one of its values does', async t => {
	const first = serviceOf(await shipped('ServiceModel', 'smollm2:135m'), 'ab');
	t.deepEqual(serviceOf(first, 'cd')['records'], ['cd']);
	const poor = {...calibration, use: {count: 0}};
	t.deepEqual(serviceOf(first, 'cd', poor)['records'], ['cd', 'ab']);
});

test('memory that comes with use and pods side by side are in the model where they were seen', async t => {
	const [growth, perNeighbour] = [
		{value: 3e7, low: 2e7, high: 4e7},
		{value: 0.04, low: 0.03, high: 0.05},
	];
	const fit = {
		...calibration,
		service: {...calibration.service, perNeighbour},
		use: {...calibration.use, growth, growthRequests: 25.5},
	};
	const model = serviceModelOf(
		ServiceModelFile.parse(serviceOf(await shipped('ServiceModel', 'smollm2:135m'), 'ab', fit)),
	);
	t.like(model, {perNeighbour: 0.04, memory: {growth: {bytes: 3e7, requests: 25.5}}});
});

test('a coefficient that is fitted below 0 is 0, and its interval holds it', async t => {
	const perNeighbour = {value: -0.015, low: -0.025, high: -0.005};
	const fit = {...calibration, service: {...calibration.service, perNeighbour}};
	const {work} = serviceOf(await shipped('ServiceModel', 'smollm2:135m'), 'ab', fit);
	t.like(work, {perNeighbour: {value: 0, low: -0.025, high: 0}});
});

test('few starts, little time or short runs do not make a model calibrated', async t => {
	const startup = await shipped('StartupModel', 'startup-kind');
	const metrics = await shipped('MetricsModel', 'metrics-pipeline');
	const {startup: times, metrics: delays} = calibration;
	const pods = (count: number) =>
		startupDocument(startup, {startup: {...times, pods: count}}, provenance('ab'))['status'];
	const watched = (duration: number) => metricsDocument(metrics, {...delays, duration}, provenance('ab'))['status'];
	t.deepEqual([pods(fewest.pods - 1), pods(fewest.pods)], ['uncalibrated', 'calibrated']);
	t.deepEqual([watched(fewest.metricsSeconds - 1), watched(fewest.metricsSeconds)], ['uncalibrated', 'calibrated']);
	const short = {...provenance('ab'), isShort: true};
	t.is(startupDocument(startup, {startup: {...times, pods: 100}}, short)['status'], 'uncalibrated');
});
