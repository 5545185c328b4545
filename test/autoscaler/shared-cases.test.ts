import {existsSync, readFileSync} from 'node:fs';
import test from 'ava';
import {caseInput} from '../../src/autoscaler/case-input.ts';
import {DecideCase} from '../../src/autoscaler/decide-case.ts';
import {reconcile} from '../../src/autoscaler/reconcile.ts';

// A larger file of the same kind, where it lies beside the repository.
const file = new URL('../../../../shared/hpa-cases/replicas.ndjson', import.meta.url);

(existsSync(file) ? test : test.skip)('each case of the replica calculator gets its answer', t => {
	const cases = readFileSync(file, 'utf8')
		.trim()
		.split('\n')
		.map(line => JSON.parse(line));
	for (const each of cases) {
		const {input, state} = caseInput(DecideCase.parse(each));
		const {metrics, proposal} = reconcile(input, state);
		const {type: _, name: __, ...figures} = metrics[0]!;
		t.deepEqual(figures, each.expect, each.id);
		t.is(proposal, each.expect.proposal);
	}

	t.log(`${cases.length} cases`);
});
