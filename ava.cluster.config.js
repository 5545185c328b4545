// npm run test:cluster: what needs docker; its absence is a failure there.
export default {
	files: ['test/cluster/**/*.test.ts'],
	concurrency: 1,
	workerThreads: false,
	timeout: '30m',
	typescript: {
		rewritePaths: {
			'src/': 'build/src/',
			'test/': 'build/test/',
		},
		compile: false,
	},
};
