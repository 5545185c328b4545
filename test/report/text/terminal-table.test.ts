import test from 'ava';
import {type Report, reportMarkdown, reportText} from '../../../src/report/text/report.ts';
import {drawTable} from '../../../src/report/text/terminal-table.ts';

const rows = [
	['', 'dynamic', 'fixed', 'difference'],
	['latency p95 of a request', '58.90 s [58.70, 59.09]', '32.7 s [28.0, 37.5]', '26.2 s [21.4, 31.0]'],
	['reports/measured/self-healing-bench/dynamic-0', 'no', 'yes', '–'],
];

function widest(text: string): number {
	return Math.max(...text.split('\n').map(line => line.length));
}

test('a table that fits is drawn as it is', t => {
	const text = drawTable(rows, 200);
	t.regex(text, /latency p95 of a request +│ 58.90 s \[58.70, 59.09\] │/);
	t.is(text.split('\n').length, 6);
});

test('a table is no wider than the terminal, and loses nothing', t => {
	for (const width of [100, 80, 60, 40]) {
		const text = drawTable(rows, width);
		t.true(widest(text) <= width, `${widest(text)} of ${width}`);
		const kept = text.replaceAll(/[^\w.]/g, '');
		for (const digits of ['58.90', '21.4', '31.0']) {
			t.true(kept.includes(digits), `${digits} at ${width}`);
		}
	}
});

test('intervals go below their means before words are wrapped', t => {
	const text = drawTable(rows.slice(0, 2), 80);
	t.regex(text, /latency p95 of a request │ 58.90 s +│/);
	t.regex(text, /│ +│ \[58.70, 59.09\] +│/);
});

const report: Report = {
	title: 'mine',
	answer: ['Yes: <p95> agrees with what was measured.', 'Next: replicast tune mine.yaml'],
	description: 'About it.',
	sections: [{heading: 'Figures', rows}],
};

test('the answer stands below the title, before all else', t => {
	t.deepEqual(reportText(report).split('\n').slice(0, 5), [
		'mine',
		'Yes: <p95> agrees with what was measured.',
		'Next: replicast tune mine.yaml',
		'',
		'About it.',
	]);
	t.deepEqual(reportMarkdown(report).split('\n\n').slice(0, 4), [
		'# mine',
		String.raw`**Yes: \<p95> agrees with what was measured.**`,
		'Next: replicast tune mine.yaml',
		'About it.',
	]);
});

test('no line of a report is longer than the terminal', t => {
	t.true(widest(reportText({...report, lead: ['word '.repeat(60)]}, {width: 80})) <= 80);
});
