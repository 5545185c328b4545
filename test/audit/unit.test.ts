import test from 'ava';
import {describeDimension, isSameDimension, parseUnit} from '../../src/audit/unit.ts';

const converts = test.macro({
	exec(t, from: string, to: string, factor: number) {
		const [a, b] = [parseUnit(from), parseUnit(to)];
		t.true(isSameDimension(a.dimension, b.dimension));
		t.true(Math.abs(a.factor / b.factor / factor - 1) < 1e-12, String(a.factor / b.factor));
	},
	title: (_, from, to, factor) => `1 ${from} is ${factor} ${to}`,
});

test(converts, '$/h', '$/day', 24);
test(converts, '$/h', '$/month', 720);
test(converts, '$/h', '$/year', 8760);
test(converts, 'year', 'months', 365 / 30);
test(converts, '%', '1', 0.01);
test(converts, 'core ms/request', 'core s/request', 0.001);
test(converts, 'millicores', 'cores', 0.001);
test(converts, 'GiB', 'MiB', 1024);
test(converts, 'kWh', 'Wh', 1000);
test(converts, 'kW h', 'kWh', 1);
test(converts, '$/(1000 requests)', '$/request', 0.001);
test(converts, '1/s', '1/min', 60);
test(converts, '$ / (pod * h)', '$/pod/h', 1);

test('what is counted has units of its own', t => {
	t.false(isSameDimension(parseUnit('requests/s').dimension, parseUnit('users/s').dimension));
	t.false(isSameDimension(parseUnit('pods').dimension, parseUnit('1').dimension));
	t.is(describeDimension(parseUnit('$/(pod h)').dimension), '$/(pod s)');
	t.is(describeDimension(parseUnit('%').dimension), '1');
});

test('a file may count in units of its own', t => {
	t.deepEqual(parseUnit('gpu/node', ['gpu']).dimension, {gpu: 1, node: -1});
	t.throws(() => parseUnit('gpu'), {instanceOf: RangeError, message: /"gpu" in the unit gpu to be a known unit/});
});

for (const text of ['', '/', '$/', '($', '$)', '$//h', 'furlongs']) {
	test(`${JSON.stringify(text)} is no unit`, t => {
		t.throws(() => parseUnit(text), {instanceOf: RangeError, message: /^Expected /});
	});
}
