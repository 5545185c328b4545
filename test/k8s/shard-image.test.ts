import {readFileSync} from 'node:fs';
import test from 'ava';

test('the image of a shard runs as a user and holds one file', t => {
	const dockerfile = readFileSync(new URL('../../../k8s/replicast/Dockerfile', import.meta.url), 'utf8');
	t.regex(dockerfile, /^FROM node:24-bookworm-slim$/m);
	t.regex(dockerfile, /^USER 1000:1000$/m);
	t.deepEqual(dockerfile.match(/^(COPY|ADD|RUN).*$/gm), ['COPY shard.cjs .']);
});
