import test from 'ava';
import {commands, overview} from '../../src/cli/commands.ts';

for (const entry of commands) {
	test(`the help says of ${entry.command} what its own file says`, async t => {
		const {command, describe} = await entry.load();
		t.is(entry.command, command);
		t.is(entry.describe, describe);
		t.true(overview(80).includes(`  ${command} `));
		t.true(overview(80).replaceAll(/\s+/g, ' ').includes(describe));
	});
}

test('the help fits a terminal of 80 columns', t => {
	for (const line of overview(80).split('\n')) {
		t.true(line.length <= 80, line);
	}
});
