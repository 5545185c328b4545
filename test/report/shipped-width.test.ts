import {basename} from 'node:path';
import test from 'ava';
import {replicate} from '../../src/forecast/replicate.ts';
import {summarize} from '../../src/forecast/summarize.ts';
import {forecastReport} from '../../src/report/forecast-report.ts';
import {reportText} from '../../src/report/text/report.ts';
import {listShippedExperiments} from '../../src/store/disk/package.ts';
import {readExperiment} from '../../src/store/experiments/read-experiment.ts';

for (const path of listShippedExperiments()) {
	const name = basename(path);
	test(`the report of ${name} has its answer first and no line wider than 80 columns, short and in full`, async t => {
		const experiment = await readExperiment(path);
		const results = [0, 1].map(replication => replicate(experiment, replication, {record: replication === 0}));
		const summary = summarize(experiment, results);
		const report = forecastReport({
			experiment,
			summary,
			evidence: 'simulated',
			dynamic: results[0]!.recordings!.dynamic,
			words: [`experiments/${name}`],
		});
		const short = reportText(report, {width: 80, isFull: false}).split('\n');
		const full = reportText(report, {width: 80}).split('\n');
		t.regex(short[1]!, /^SLO (?:met|missed)/);
		t.deepEqual(
			[...short, ...full].filter(line => line.length > 80),
			[],
		);
		t.true((short.filter(line => /^│ [a-zA-Z]/.test(line)).length ?? 0) <= 10);
		t.true(short.length < full.length);
	});
}
