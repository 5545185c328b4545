import test from 'ava';
import {formatFragment, parseFragment} from '../../src/explorer/fragment.ts';
import {controlsOf} from '../../src/explorer/settings.ts';
import {exploredOf, shipped} from './experiments.ts';

const controls = controlsOf(await exploredOf(shipped('dynamic-scaling')));

test('settings come back from the address', t => {
	const settings = new Map<string, string | number>([
		['maxReplicas', 8],
		['memory.averageUtilization', 'none'],
		['rate.1', 0.5],
	]);
	const fragment = formatFragment(settings);
	t.is(fragment, 'maxReplicas=8&memory.averageUtilization=none&rate.1=0.5');
	t.deepEqual(parseFragment(fragment, controls), settings);
	t.deepEqual(parseFragment('', controls), new Map());
	t.deepEqual(parseFragment('maxReplicas=6', controls), new Map(), 'where the experiment has it');
});

const refuses = test.macro({
	exec(t, fragment: string, message: RegExp) {
		t.throws(() => parseFragment(fragment, controls), {instanceOf: RangeError, message});
	},
	title: (_, fragment) => `refuses #${fragment}`,
});

test(refuses, 'maxReplicas=99', /^Expected maxReplicas in the address to be one of 1, 2, .*, 20, got "99"$/);
test(
	refuses,
	'maxReplicas',
	/^Expected the address to hold settings such as cpu.averageUtilization, .*, got "maxReplicas"$/,
);
test(refuses, 'pods=3', /got "pods=3"$/);
test(refuses, '%', /got "%"$/);
test(refuses, 'cpu.averageUtilization=%zz', /to be a stop of its slider, 5 to 400, got "%zz"$/);
test(refuses, 'memory.averageUtilization=0', /to be a stop of its slider, 5 to 400 or none, got "0"$/);
test(refuses, 'scaleUp.selectPolicy=Most', /to be one of Max, Min, Disabled, got "Most"$/);
test(refuses, 'maxReplicas=8&maxReplicas=9', /^Expected maxReplicas to stand once in the address, got it twice$/);
