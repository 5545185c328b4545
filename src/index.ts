export type {CaseAnswer} from './autoscaler/case-input.ts';
export type {Comparison} from './comparison/compare.ts';
export {UserError} from './errors.ts';
export type {Experiment} from './experiment/experiment.ts';
export type {ArmSummary, Estimate, Savings, Summary} from './forecast/summary.ts';
export {type CompareOptions, compare} from './library/compare.ts';
export {decide} from './library/decide.ts';
export {type ForecastOptions, forecast} from './library/pool/replicate-all.ts';
export {type ReadOptions, readExperiment} from './store/experiments/read-experiment.ts';
