import test from 'ava';
import fc from 'fast-check';
import {Histories} from '../../src/simulator/histories.ts';

const turn = fc.record({client: fc.integer({min: 0, max: 40}), tokens: fc.integer({min: 1, max: 1000})});

test('of each conversation the last turns are kept and those before them counted', t => {
	fc.assert(
		fc.property(fc.array(turn, {maxLength: 200}), fc.integer({min: 1, max: 9}), (turns, most) => {
			const histories = new Histories(most);
			for (const {client, tokens} of turns) {
				histories.add(histories.rowOf(client), tokens);
			}

			return [...new Set(turns.map(({client}) => client))].every(client => {
				const own = turns.filter(other => other.client === client).map(({tokens}) => tokens);
				const kept = own.slice(-most);
				const row = histories.rowOf(client);
				return (
					histories.tokens(row) === kept.reduce((sum, one) => sum + one, 0) &&
					histories.dropped(row) === own.length - kept.length
				);
			});
		}),
		{seed: 1},
	);
	t.pass();
});

test('what was forgotten begins anew', t => {
	const histories = new Histories(2);
	for (const tokens of [5, 6, 7]) {
		histories.add(histories.rowOf(3), tokens);
	}

	histories.clear();
	const row = histories.rowOf(3);
	t.is(histories.tokens(row), 0);
	t.is(histories.dropped(row), 0);
	histories.add(row, 4);
	t.is(histories.tokens(row), 4);
});
