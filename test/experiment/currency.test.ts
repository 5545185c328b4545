import test from 'ava';
import {currencyNamed, hourlyUnits, isCurrency} from '../../src/experiment/currency.ts';
import {formatEstimate, money} from '../../src/report/text/format.ts';

const shows = test.macro({
	exec(t, currency: string, expected: string) {
		t.is(formatEstimate({mean: -1234.5, low: null, high: null}, money(currency)), expected);
	},
	title: (_, currency) => `shows an amount in ${currency}`,
});

test(shows, 'USD', '-$1,234.50');
test(shows, 'EUR', '-€1,234.50');
test(shows, 'GBP', '-£1,234.50');
test(shows, 'CHF', '-CHF 1,234.50');

test('a currency has its code and, where that is its own, a sign', t => {
	t.deepEqual(hourlyUnits('EUR'), ['€/h', 'EUR/h']);
	t.deepEqual(hourlyUnits('SEK'), ['SEK/h']);
	t.is(currencyNamed('€'), 'EUR');
	t.is(currencyNamed('EUR'), 'EUR');
	t.is(currencyNamed('pod'), undefined);
	t.false(isCurrency('XXX'));
	t.false(isCurrency('usd'));
});
