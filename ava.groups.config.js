// npm test: every test that needs no cluster, with those of a folder that share nothing in one process.
import path from 'node:path';
import {groupTests} from './scripts/tests/group-tests.js';

const files = groupTests();
const place = file => files.indexOf(path.relative(import.meta.dirname, file));

export default {
	files,
	sortTestFiles: (a, b) => place(a) - place(b),
	concurrency: 3,
	workerThreads: false,
	timeout: '120s',
	require: ['./scripts/tests/one-thread.js'],
};
