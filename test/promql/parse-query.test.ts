import test from 'ava';
import fc from 'fast-check';
import {evaluateQuery} from '../../src/promql/evaluate.ts';
import {longestWindow, selectorsOf} from '../../src/promql/expression.ts';
import {parseQuery} from '../../src/promql/parse-query.ts';
import {QueryFault} from '../../src/promql/query-fault.ts';

const faultOf = (text: string): {offset: number; rule: string; got: string} | undefined => {
	try {
		parseQuery(text);
	} catch (error) {
		if (error instanceof QueryFault) {
			const {offset, rule, got} = error;
			return {offset, rule, got};
		}

		throw error;
	}

	return undefined;
};

test('a query names the series and the longest window that it reads', t => {
	const query = parseQuery(
		'sum(rate(vllm:generation_tokens_total{namespace="a"}[1m30s])) / count(avg_over_time(up[5m]))',
	);
	t.deepEqual(
		selectorsOf(query).map(({name}) => name),
		['vllm:generation_tokens_total', 'up'],
	);
	t.is(longestWindow(query), 300_000);
	t.is(longestWindow(parseQuery('sum({__name__="vllm:num_requests_waiting"})')), 0);
});

test('beyond the part that is evaluated a query is refused with its place and what would do', t => {
	t.like(faultOf('sum(a) + topk(3, b)'), {offset: 9, got: 'topk'});
	t.like(faultOf('sum(a offset 5m)'), {offset: 4, got: 'a offset 5m'});
	t.like(faultOf('max_over_time(rate(a[1m])[5m:])'), {offset: 14});
	t.like(faultOf('a @ 5'), {offset: 0});
	t.like(faultOf('a ^ 2'), {offset: 2, got: '^'});
	t.like(faultOf('a * on(x) group_left b'), {offset: 10, got: 'group_left'});
	t.like(faultOf('predict_linear(a[1m], 60)'), {offset: 0, got: 'predict_linear'});
	t.like(faultOf('a[5m]'), {offset: 0, got: 'a[5m]'});
	t.like(faultOf('rate(a)'), {offset: 5, got: 'a'});
	t.like(faultOf('sum(1)'), {offset: 4, got: '1'});
	t.like(faultOf('vector(a)'), {offset: 7, got: 'a'});
	t.like(faultOf('{job="a"}'), {offset: 0});
	t.like(faultOf('sum by (x) (a) or 0'), {offset: 15, got: 'a number'});
	t.like(faultOf('a{x=~"(a+)+$"}'), {offset: 5});
});

test('what is no PromQL is refused with its place', t => {
	t.like(faultOf('sum(a'), {offset: 5, got: 'its end'});
	t.like(faultOf(''), {offset: 0});
	t.like(faultOf('a b'), {offset: 2});
	t.like(faultOf('rate(a[5x])'), {rule: 'a PromQL expression'});
});

test('a hostile query ends at once, in one fault', t => {
	t.like(faultOf(`${'('.repeat(4000)}a${')'.repeat(4000)}`), {rule: 'nested at most 100 deep'});
	t.truthy(faultOf('-'.repeat(9000)));
	t.like(faultOf('a+'.repeat(20_000)), {rule: 'at most 10000 characters'});
	t.truthy(faultOf(`a{x="${'\\'.repeat(999)}"}`));
});

test('any text is read or refused, and what is read is evaluated', t => {
	const word = fc.constantFrom(
		...[
			'sum',
			'rate',
			'by',
			'(',
			')',
			'[1m]',
			'{',
			'}',
			'le="1"',
			'pod=~"a.*"',
			',',
			'a',
			'b_bucket',
			'0.5',
			'-',
			'+',
			'/',
		],
		...['or', 'vector', 'histogram_quantile', 'on', 'bool', '>', 'offset', '5m', '"', '\\', '`', '#', '\n', 'NaN', '@'],
	);
	const texts = fc.oneof(
		fc.string(),
		fc.array(word, {maxLength: 30}).map(words => words.join(' ')),
	);
	fc.assert(
		fc.property(texts, text => {
			try {
				evaluateQuery(parseQuery(text), {now: 0, lookback: 1, seriesOf: () => []});
			} catch (error) {
				t.true(error instanceof QueryFault, String(error));
			}
		}),
		{numRuns: 2000},
	);
	t.pass();
});
