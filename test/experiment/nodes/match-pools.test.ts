import test from 'ava';
import {meets, type Requirement} from '../../../src/experiment/nodes/requirement.ts';
import {toleratesAll} from '../../../src/experiment/nodes/taint.ts';

const is = test.macro({
	exec(t, value: string | undefined, operator: Requirement['operator'], values: readonly string[], expected: boolean) {
		t.is(meets(value, {key: 'k', operator, values}), expected);
	},
	title: (_, value, operator, values) => `${String(value)} ${String(operator)} ${String(values)}`,
});

// kubernetes v1.34 staging/src/k8s.io/apimachinery/pkg/labels/selector_test.go, TestRequirementSelectorMatching
test(is, 'a', 'In', ['a', 'b'], true);
test(is, undefined, 'In', ['a'], false);
test(is, 'c', 'NotIn', ['a', 'b'], true);
test(is, undefined, 'NotIn', ['a'], true);
test(is, 'a', 'Exists', [], true);
test(is, undefined, 'DoesNotExist', [], true);
test(is, '5', 'Gt', ['4'], true);
test(is, '4', 'Gt', ['4'], false);
test(is, '4', 'Gte', ['4'], true);
test(is, '10', 'Lt', ['9'], false);
test(is, '9', 'Lte', ['9'], true);

// kubernetes v1.34 staging/src/k8s.io/api/core/v1/toleration_test.go, TestTolerationToleratesTaint
test('a toleration without key and with Exists tolerates every taint; Equal compares values; an effect narrows it', t => {
	const taint = {key: 'foo', value: 'bar', effect: 'NoSchedule'} as const;
	t.true(toleratesAll([taint], [{operator: 'Exists'}]));
	t.true(toleratesAll([taint], [{key: 'foo', operator: 'Equal', value: 'bar'}]));
	t.false(toleratesAll([taint], [{key: 'foo', operator: 'Equal', value: 'baz'}]));
	t.false(toleratesAll([taint], [{key: 'foo', operator: 'Exists', effect: 'NoExecute'}]));
	t.true(toleratesAll([{...taint, effect: 'PreferNoSchedule'}], []));
});
