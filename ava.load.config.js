// npm run test:load: the backend under load for 10 minutes, over the loopback interface alone, more kills of commands, and 10,000
// hostile inputs for each reader.
export default {
	files: ['test/backend/load.test.ts', 'test/faults/killed.test.ts', 'test/fuzz/*.test.ts'],
	concurrency: 1,
	workerThreads: false,
	timeout: '30m',
	environmentVariables: {LOAD_SECONDS: '600', FUZZ_INPUTS: '10000'},
	typescript: {
		rewritePaths: {
			'src/': 'build/src/',
			'test/': 'build/test/',
		},
		compile: false,
	},
};
