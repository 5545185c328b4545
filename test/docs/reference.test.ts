import test from 'ava';
import {execa} from 'execa';

test('docs/reference is what npm run docs writes', async t => {
	const {exitCode, stderr} = await execa('node', ['scripts/write-reference.js', '--check'], {reject: false});
	t.is(exitCode, 0, stderr);
});
