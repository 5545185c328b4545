/** Findings of the validation, and the parts that its experiments use. Written by npm run docs. */
export const validated = {
	runs: 54,
	experiments: 14,
	p95: {
		median: 0.13469,
		worst: 0.581376,
	},
	podHours: {
		median: 0.0203418,
		worst: 0.376371,
	},
	mostPods: 6,
	seconds: 720,
	used: [
		'a behavior of the autoscaler',
		'fault pod-kill',
		'metrics model metrics-pipeline',
		'service model smollm2:135m',
		'several requests at a time in a pod',
		'several tenants',
		'start-up model startup-kind',
		'targets that are no utilization',
		'users who wait for their answers',
	],
	measured: [
		{
			hash: '801babeebe0845ee53a5024e2d5a663b06f10dbb92d7421ec7a6ea0efa53b6a6',
			errors: {
				verdict: 'CANNOT SAY',
				p95: 0.468685,
				podHours: 0.020292,
			},
		},
		{
			hash: 'd5a6129ce797f460abb5d66472cf474ecdb8fcdc46c1b2ade277214bd7b29edd',
			errors: {
				verdict: 'CANNOT SAY',
				p95: 1.13342,
				podHours: 0.000906417,
			},
		},
		{
			hash: '2c65a4fe330e831b3c3e05913de357eb5ec6e004310551c3e494479e89088c6f',
			errors: {
				verdict: 'CANNOT SAY',
				p95: null,
				podHours: -0.0693216,
			},
		},
		{
			hash: 'a6a95c5603ecd231e2d3496e408b008ca5cd01e48656e6b2f425f18a9932b4d7',
			errors: {
				verdict: 'CANNOT SAY',
				p95: -0.00511906,
				podHours: 0.376372,
			},
		},
		{
			hash: '49908bbc1b8f78d6358f4efc1fe3fb4420efae6cb8ea71283ec5628e653f6499',
			errors: {
				verdict: 'CANNOT SAY',
				p95: 0.422,
				podHours: 0.0836787,
			},
		},
		{
			hash: '814193d842f81da49f5034a3bc3833535584de07d6964f3f78e6e2591a87068b',
			errors: {
				verdict: 'CANNOT SAY',
				p95: null,
				podHours: -0.00974477,
			},
		},
		{
			hash: '425fd3fd131415e884a3f8c81a9c76e975ed1f218e7ff65fa466b2740980d574',
			errors: {
				verdict: 'CANNOT SAY',
				p95: 0.581376,
				podHours: 0.164447,
			},
		},
		{
			hash: '325c0e9782205a3a46f9d74400415462cdcf26d2b87a02bfb1a66d69e948feec',
			errors: {
				verdict: 'CANNOT SAY',
				p95: 0.488484,
				podHours: 0.0317024,
			},
		},
		{
			hash: 'e59bcb01b0736f783616d8cbf8484b2b04920c949090c9c8ff52f3009f771867',
			errors: {
				verdict: 'CANNOT SAY',
				p95: 0.0972388,
				podHours: -0.0263194,
			},
		},
		{
			hash: '3f87ad84775155091ecd6309fd176a945beaf18b6ed392d0ec701ceac350cdde',
			errors: {
				verdict: 'CANNOT SAY',
				p95: null,
				podHours: -0.0637874,
			},
		},
		{
			hash: '1bdcb08e3b272646490f577a5370002e21e664cd55a3d9c97d7044acabe2cb31',
			errors: {
				verdict: 'VALID',
				p95: -0.0291517,
				podHours: 0.00310159,
			},
		},
		{
			hash: '110ee4c0372e1775908c32a6fda0a541641439a634e825595c4d3f4c3c1054b5',
			errors: {
				verdict: 'CANNOT SAY',
				p95: 0.289178,
				podHours: -0.0143643,
			},
		},
		{
			hash: '831863aaa16a06c81a4899a3e43a7682a455c5acc57eed6e3c5468c8a27b29de',
			errors: {
				verdict: 'CANNOT SAY',
				p95: null,
				podHours: -0.0119375,
			},
		},
		{
			hash: '1a697ff881059fa0ce95a8f6a8c7a45f69c08fe56e8de5cd2b5d68643a99aa3b',
			errors: {
				verdict: 'CANNOT SAY',
				p95: 0.39754,
				podHours: 0.350795,
			},
		},
	],
};
