import {cp, mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import anyTest from 'ava';
import {recordHash} from '../../src/records/record-hash.ts';
import {readRecord} from '../../src/store/records/read-record.ts';
import {copyAsMeasured, workplace} from './measured-workplace.ts';
import {removeTemporaryFolders, replicast} from './run-command.ts';

const test = anyTest.serial;

anyTest.after.always(removeTemporaryFolders);

test('compare --json prints one object with the answer first, and a kept tolerance exits with 0', async t => {
	const {cwd, file} = await workplace();
	const {stdout, stderr, exitCode} = await replicast(['compare', file, '--json'], {cwd});
	t.is(exitCode, 0, stderr);
	const comparison = JSON.parse(stdout);
	t.deepEqual(Object.keys(comparison), [
		'answer',
		'experiment',
		'verdict',
		'judgements',
		'figures',
		'triangle',
		'noiseFloor',
		'baselines',
		'provenance',
	]);
	const summary = JSON.parse((await replicast(['run', file, '--json', '--replications', '1'], {cwd})).stdout)[0];
	t.is(comparison.provenance.resolved.length, summary.provenance.resolved.length);
	t.deepEqual(
		comparison.provenance.files.map((pinned: {sha256: string}) => pinned.sha256),
		summary.provenance.files.map((pinned: {sha256: string}) => pinned.sha256),
	);
	t.is(comparison.verdict, 'VALID');
	t.is(comparison.experiment.records.length, 2);
	t.is(comparison.experiment.replications, 100);
	t.is(comparison.figures.replicasMean.verdict, 'within');
	t.is(comparison.triangle.a.share, 1);
	const measured = join(cwd, comparison.experiment.records[0].folder);
	t.is(comparison.experiment.records[0].hash, recordHash(await readRecord(measured)));
});

test('a broken tolerance exits with 3 and names the figure, none at all with 4', async t => {
	const {cwd, file} = await workplace({tolerances: '{cpuUtilization: 2%}'});
	const slow = ['--set', 'deployment.service.mean=400ms'];
	const broken = await replicast(['compare', file, ...slow], {cwd});
	t.is(broken.exitCode, 3, broken.stdout + broken.stderr);
	t.regex(
		broken.stdout.replaceAll(/\s+/g, ' '),
		/^small: the forecast beside \d measured runs NOT VALID: the forecast is wrong here about CPU of request \(\+[\d.]+ points, [\d.]+ points allowed\)\. Forecast: NOT VALID, .*Simulator: NOT VALID, at the calibrated speed: .*Calibration: NOT VALID, no run has probes; .* The error comes from service \(time in service/,
	);
	const open = await workplace({tolerances: '{}'});
	const unsaid = await replicast(['compare', open.file], {cwd: open.cwd});
	t.is(unsaid.exitCode, 4, unsaid.stderr);
	t.regex(unsaid.stdout, /^small: .*\nCANNOT SAY: the experiment sets no tolerance/);
});

test('record against record finds the experiment by its hash', async t => {
	const {cwd, file} = await workplace();
	await mkdir(join(cwd, 'experiments'));
	await cp(file, join(cwd, 'experiments', 'mine.yaml'));
	const folders = ['reports/simulated/small/dynamic', 'reports/measured/small/dynamic-0'];
	const {stdout, stderr, exitCode} = await replicast(['compare', ...folders, '--json'], {cwd});
	t.is(exitCode, 0, stderr);
	const {experiment, figures} = JSON.parse(stdout);
	t.is(experiment.simulated, 'reports/simulated/small/dynamic');
	t.is(figures.replicasMeanAbsoluteError.error.value, 0);
	t.is(figures.latencyKolmogorovSmirnov.error.value, 0);
});

test('an invalid record and one that models were calibrated with are left out, and refused when named', async t => {
	const {cwd, file} = await workplace({repeats: 1});
	const bad = await copyAsMeasured(cwd, 1, head => {
		head['validity'] = {valid: false, reasons: ['generator too slow']};
	});
	const {stderr, stdout} = await replicast(['compare', file, '--json'], {cwd});
	t.regex(stderr, /dynamic-1 is left out: it failed its own validity check: generator too slow/);
	t.is(JSON.parse(stdout).experiment.refused.length, 1);
	const named = await replicast(['compare', 'reports/simulated/small/dynamic', bad, '--experiment', file], {cwd});
	t.is(named.exitCode, 2);
	t.regex(named.stderr, /dynamic-1 to be a record that can judge, but it failed/);
});

test('what is missing is told in one line', async t => {
	const {cwd, file} = await workplace({repeats: 0});
	const cases = [
		{
			words: [file],
			message: /Expected a measured record of small .* under reports, got none: measure one with replicast replay$/m,
		},
		{words: [], message: /Expected an experiment file or folders of records, got neither/},
		{words: ['reports/simulated/small/dynamic'], message: /Expected a measured record after/},
		{words: [file, '--replications', '5'], message: /integer from 100 to 1000000, got "5"/},
		{words: ['nothing.yaml'], message: /^nothing\.yaml does not exist$/m},
	];
	for (const {words, message} of cases) {
		const {stderr, exitCode} = await replicast(['compare', ...words], {cwd});
		t.is(exitCode, 2);
		t.regex(stderr, message);
		t.is(stderr.trim().split('\n').length, 1, stderr);
	}
});

test('records import makes a record that can be compared', async t => {
	const {cwd, file} = await workplace({repeats: 1});
	const folder = join(cwd, 'mine');
	await mkdir(folder);
	const {head, tables} = await readRecord(join(cwd, 'reports', 'measured', 'small', 'dynamic-0'));
	await writeFile(join(folder, 'record.json'), JSON.stringify({...head, replication: 7}));
	for (const [name, table] of Object.entries(tables)) {
		const columns: Record<string, ArrayLike<unknown>> = table;
		const length = Object.values(columns)[0]!.length;
		const rows = Array.from({length}, (_, row) =>
			JSON.stringify(Object.fromEntries(Object.entries(columns).map(([column, values]) => [column, values[row]]))),
		);
		await writeFile(join(folder, `${name}.ndjson`), rows.join('\n'));
	}

	const out = join('reports', 'measured', 'imported');
	const imported = await replicast(['records', 'import', 'mine', '--out', out], {cwd});
	t.is(imported.exitCode, 0, imported.stderr);
	t.regex(imported.stdout, /imported: \d+ requests, \d+ pod events, \d+ decisions, \d+ samples/);
	const {stdout} = await replicast(['compare', file, '--json'], {cwd});
	t.deepEqual(
		JSON.parse(stdout).experiment.records.map(({repeat}: {repeat: number}) => repeat),
		[7, 0],
	);
	const refused = await replicast(['records', 'import', 'nowhere', '--out', out], {cwd});
	t.is(refused.exitCode, 2);
	t.is(refused.stderr.trim().split('\n').length, 1);
});
