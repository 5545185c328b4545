import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {recordingTask} from '../../../src/library/recordings/recording-task.ts';
import {validateRecordings} from '../../../src/library/recordings/validate-recordings.ts';
import {ReferencedFiles} from '../../../src/store/experiments/referenced-files.ts';
import {listRuns} from '../../../src/store/recordings/list-runs.ts';
import {RecordingReader} from '../../../src/store/recordings/read-run.ts';
import {readSettings} from '../../../src/store/recordings/read-settings.ts';
import {folderOf, smallRecordings, steadySettings} from '../../store/recordings/make-recordings.ts';

const rates = 'seconds,perSecond\n0,0.5\n60,3\n100,0\n';

/** Arrivals of the first recording under settings with further keys. */
async function arrivalsOf(t: ExecutionContext, further: string, load = smallRecordings['workloads/load.csv']!) {
	const folder = await folderOf(t, {
		...smallRecordings,
		'workloads/load.csv': load,
		'settings.yaml': `${steadySettings}${further}`,
	});
	const found = await readSettings(join(folder, 'settings.yaml'));
	const [listed] = await listRuns(folder);
	const options = {files: new ReferencedFiles(), replications: 1};
	const {experiment} = await recordingTask(found, await new RecordingReader().read(listed!), options);
	const {workload} = experiment;
	if (workload.loop !== 'open') {
		throw new TypeError('Expected an open loop');
	}

	return workload.arrivals;
}

test('a load that is late on the recording’s clock is late as a whole', async t => {
	const [own, late] = [await arrivalsOf(t, ''), await arrivalsOf(t, 'arrivals: {delay: 30s}\n')];
	t.is(own.process, 'trace');
	t.deepEqual('at' in late && [...late.at], 'at' in own && Array.from(own.at, at => at + 30));
});

test('of rates that are late there is no load before the first of them', async t => {
	const curve = async (further: string) => {
		const arrivals = await arrivalsOf(t, further, rates);
		return 'rate' in arrivals ? arrivals.rate.map(({at, perSecond}) => [at, perSecond]) : [];
	};
	const lateCurve = await curve('arrivals: {delay: 30s}\n');
	t.deepEqual(lateCurve, [
		[30, 0.5],
		[90, 3],
		[130, 0],
	]);
	t.deepEqual(await curve(''), [
		[0, 0.5],
		[60, 3],
		[100, 0],
	]);
});

test('a recorder whose clock is ahead is read as it is, and the delay takes the error away', async t => {
	const ahead = 'seconds,desiredReplicas\n0.5,1\n150,2\n199,2\n';
	const errorWith = async (further: string) => {
		const folder = await folderOf(t, {
			...smallRecordings,
			'replicas/two.csv': ahead,
			'settings.yaml': `${steadySettings}${further}`,
		});
		const options = {sets: ['steady'], settings: join(folder, 'settings.yaml'), replications: 4, workers: 1};
		const {sets} = await validateRecordings(folder, options);
		return sets[0]!.runs.find(({run}) => run === 'two')!.score.replicaError;
	};
	const [apart, together] = [await errorWith(''), await errorWith('arrivals: {delay: 90s}\n')];
	t.true(together < apart / 2, `${together} instead of ${apart}`);
});
