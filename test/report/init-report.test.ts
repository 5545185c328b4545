import test from 'ava';
import {initReport} from '../../src/report/init-report.ts';

test('a first experiment ends with the commands to try', t => {
	const report = initReport({paths: ['mine/experiment.yaml', 'mine/hpa.yaml']});
	t.true(report.startsWith('Written: mine/experiment.yaml\nWritten: mine/hpa.yaml\n\nNext:\n'), report);
	t.regex(report, /\n {2}replicast tune mine\/experiment\.yaml +find the cheapest settings that meet the SLO/);
	t.regex(report, /\nThen put your load.*$/);
});

test('an experiment around manifests lists its assumptions before the next command', t => {
	const report = initReport({paths: ['experiment.yaml'], assumed: ['The nodes: room for every pod.']});
	t.true(
		report.startsWith(
			'Written: experiment.yaml\nAssumed: The nodes: room for every pod.\n\nNext:\n  replicast run experiment.yaml ',
		),
		report,
	);
	t.false(report.includes('hpa.yaml'));
});
