import test from 'ava';
import fc from 'fast-check';
import {TurnHistory} from '../../src/simulator/history.ts';

test('a history keeps the last turns and counts those before them', t => {
	fc.assert(
		fc.property(
			fc.array(fc.integer({min: 1, max: 1000}), {maxLength: 30}),
			fc.integer({min: 1, max: 9}),
			(turns, most) => {
				const history = new TurnHistory();
				for (const tokens of turns) {
					history.add(tokens, most);
				}

				const kept = turns.slice(-most);
				const tokens = kept.reduce((sum, one) => sum + one, 0);
				return history.tokens === tokens && history.dropped === turns.length - kept.length;
			},
		),
		{seed: 1},
	);
	t.pass();
});
