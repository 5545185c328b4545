/** Findings of the validation, and the parts that its experiments use. Written by npm run docs. */
export const validated = {
	runs: 30,
	experiments: 8,
	p95: {
		median: 0.193,
		worst: 0.488,
	},
	podHours: {
		median: 0.0203,
		worst: 0.0693,
	},
	mostPods: 6,
	seconds: 720,
	used: [
		'fault pod-kill',
		'metrics model metrics-pipeline',
		'service model smollm2:135m',
		'several tenants',
		'start-up model startup-kind',
		'users who wait for their answers',
	],
	measured: [
		{
			hash: '2c65a4fe330e831b3c3e05913de357eb5ec6e004310551c3e494479e89088c6f',
			errors: {
				verdict: 'CANNOT SAY',
				p95: null,
				podHours: -0.0693216,
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
	],
};
