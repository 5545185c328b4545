// npm run test:load: the backend under load for 10 minutes, over the loopback interface alone, and more kills of commands.
export default {
	files: ['test/backend/load.test.ts', 'test/faults/killed.test.ts'],
	concurrency: 1,
	workerThreads: false,
	timeout: '15m',
	environmentVariables: {LOAD_SECONDS: '600'},
	typescript: {
		rewritePaths: {
			'src/': 'build/src/',
			'test/': 'build/test/',
		},
		compile: false,
	},
};
