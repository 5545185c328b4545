// npm run test:load: the backend under load for 10 minutes, over the loopback interface alone.
export default {
	files: ['test/backend/load.test.ts'],
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
